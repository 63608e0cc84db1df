/**
 * Where to go after signing in. Only a path of this app is followed: anything that a browser could read as another origin
 * (`//host`, `/\host`, `https:`) or that leads back to the sign-in page becomes `/`, which picks a workspace.
 */
export function returnAddress(wanted: string | null | undefined): string {
  if (wanted === null || wanted === undefined) return '/';
  if (!/^\/(?![/\\])[^\\\p{Cc}]*$/u.test(wanted)) return '/';
  if (/^\/sign-in(?:[/?#]|$)/.test(wanted)) return '/';
  return wanted;
}
