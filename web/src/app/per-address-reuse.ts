import { BaseRouteReuseStrategy, type ActivatedRouteSnapshot } from '@angular/router';

/**
 * A page of another workspace or artifact is another page: its component and the stores that it provides are made anew, so
 * that nothing of the one before can be painted in it.
 */
export class PerAddressReuse extends BaseRouteReuseStrategy {
  override shouldReuseRoute(future: ActivatedRouteSnapshot, current: ActivatedRouteSnapshot): boolean {
    if (future.routeConfig !== current.routeConfig) return false;
    return Object.entries(future.params).every(([name, value]) => current.params[name] === value);
  }
}
