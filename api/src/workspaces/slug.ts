import { RESERVED_SLUGS, SLUG_LENGTH_MAX } from '@hortus/contracts/workspace';

/** Leaves room for what makes a slug unique. */
const DERIVED_LENGTH_MAX = 40;
const FALLBACK = 'team';

export function isReservedSlug(slug: string): boolean {
  return RESERVED_SLUGS.includes(slug);
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
