import { inject } from '@angular/core';
import { RedirectCommand, Router, type CanActivateFn, type ResolveFn } from '@angular/router';
import type { WorkspaceMembership } from '@hortus/contracts/workspace';
import { Store } from '@ngrx/store';
import { returnAddress } from './return-address.ts';
import { sessionFeature } from './session-state.ts';
import { TokenKeeper } from './token-keeper.ts';

/** Lets signed-in people pass; others sign in first and come back here. */
export const requireSession: CanActivateFn = async (_route, { url }) => {
  const store = inject(Store);
  const router = inject(Router);
  await inject(TokenKeeper).restore();
  if (store.selectSignal(sessionFeature.selectStatus)() === 'signed-in') return true;
  return router.createUrlTree(['/sign-in'], { queryParams: { return: url } });
};

/** Who is signed in already does not have to sign in. */
export const requireNoSession: CanActivateFn = async (route) => {
  const store = inject(Store);
  const router = inject(Router);
  await inject(TokenKeeper).restore();
  if (store.selectSignal(sessionFeature.selectStatus)() !== 'signed-in') return true;
  return router.parseUrl(returnAddress(route.queryParamMap.get('return')));
};

/** Leads from `/` to the first workspace. People without one stay, and are told so. */
export const goToFirstWorkspace: CanActivateFn = async () => {
  const router = inject(Router);
  const store = inject(Store);
  await inject(TokenKeeper).restore();
  if (store.selectSignal(sessionFeature.selectStatus)() !== 'signed-in') return router.parseUrl('/sign-in');
  const [first] = store.selectSignal(sessionFeature.selectWorkspaces)();
  return first === undefined ? true : router.createUrlTree(['/w', first.slug, 'artifacts']);
};

/** The workspace of the address. One that you are not a member of looks like one that does not exist. */
export const findWorkspace: ResolveFn<WorkspaceMembership> = (route) => {
  const router = inject(Router);
  const slug = route.paramMap.get('slug') ?? '';
  const workspace = inject(Store).selectSignal(sessionFeature.selectWorkspaceBySlug(slug))();
  return workspace ?? new RedirectCommand(router.parseUrl('/not-found'), { skipLocationChange: true });
};
