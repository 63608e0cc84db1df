const STORAGE_KEY = 'hortus-session';

/**
 * Remembers that this browser has a session, since no script can see the refresh cookie: a first visit needs no request to
 * learn that nobody is signed in. It proves nothing and holds nothing of the person.
 */
export function rememberSession(signedIn: boolean): void {
  try {
    if (signedIn) localStorage.setItem(STORAGE_KEY, 'yes');
    else localStorage.removeItem(STORAGE_KEY);
  } catch {
    // Storage is switched off: the api is asked each time.
  }
}

/** Where a sign-in at a provider ends: the api has set the cookie, and this page has not been there to remember it. */
const SIGNED_IN_FRAGMENT = '#signed-in';

/** False only when there is certainly no session to find. */
export function maySessionExist(): boolean {
  if (location.hash === SIGNED_IN_FRAGMENT) return true;
  try {
    return localStorage.getItem(STORAGE_KEY) === 'yes';
  } catch {
    return true;
  }
}
