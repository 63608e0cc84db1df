/** The people of the demo. They share one password. */
export const OWNER = { email: 'owner@acme.com', slug: 'acme-corp', workspace: 'Acme Corp' } as const;
export const STRANGER = { email: 'admin@umbrella.com', slug: 'umbrella-inc', workspace: 'Umbrella Inc' } as const;
export type DemoPerson = typeof OWNER | typeof STRANGER;

export function demoPassword(): string {
  const password = process.env['HORTUS_DEMO_PASSWORD'];
  if (password === undefined) throw new Error('HORTUS_DEMO_PASSWORD is not set: what is the password of the demo?');
  return password;
}
