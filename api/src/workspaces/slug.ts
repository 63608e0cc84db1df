import { SLUG_LENGTH_MAX } from '@hortus/contracts/workspace';

/** What stands, or may come to stand, where a slug does, or would pass for the product's own word. */
const RESERVED = new Set([
  ...['admin', 'api', 'app', 'assets', 'auth', 'account', 'accounts', 'billing', 'blog', 'dashboard', 'demo', 'docs'],
  ...[
    'edit',
    'events',
    'health',
    'help',
    'home',
    'hortus',
    'internal',
    'invitations',
    'login',
    'logout',
    'me',
    'metrics',
  ],
  ...['new', 'null', 'public', 'register', 'root', 'security', 'settings', 'setup', 'sign-in', 'sign-up', 'signin'],
  ...[
    'signup',
    'static',
    'status',
    'support',
    'system',
    'undefined',
    'users',
    'w',
    'webhooks',
    'workspace',
    'workspaces',
  ],
  ...['www'],
]);
/** Leaves room for what makes a slug unique. */
const DERIVED_LENGTH_MAX = 40;
const FALLBACK = 'team';

export function isReservedSlug(slug: string): boolean {
  return RESERVED.has(slug);
}

/** The slug that a name stands for: `Crème & Co.` becomes `creme-co`. */
export function deriveSlug(name: string): string {
  const words = name
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-');
  const slug = words.slice(0, DERIVED_LENGTH_MAX).replaceAll(/^-+|-+$/g, '');
  return slug.length < 2 ? FALLBACK : slug;
}

/** Another slug for the same name, of which there are many. */
export function varySlug(slug: string, random: string): string {
  return `${slug.slice(0, SLUG_LENGTH_MAX - random.length - 1)}-${random}`;
}
