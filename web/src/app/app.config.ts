import { provideBrowserGlobalErrorListeners, type ApplicationConfig } from '@angular/core';
import {
  RouteReuseStrategy,
  TitleStrategy,
  provideRouter,
  withComponentInputBinding,
  withInMemoryScrolling,
} from '@angular/router';
import { provideEffects } from '@ngrx/effects';
import { provideState, provideStore } from '@ngrx/store';
import { PageTitle } from './ui/page-title.ts';
import { PerAddressReuse } from './per-address-reuse.ts';
import { routes } from './app.routes.ts';
import * as liveEffects from './session/live-effects.ts';
import { liveFeature } from './session/live-state.ts';
import * as sessionEffects from './session/session-effects.ts';
import { sessionFeature } from './session/session-state.ts';

export const appConfig: ApplicationConfig = {
  providers: [
    provideBrowserGlobalErrorListeners(),
    provideRouter(
      routes,
      withComponentInputBinding(),
      withInMemoryScrolling({ scrollPositionRestoration: 'enabled', anchorScrolling: 'enabled' }),
    ),
    { provide: RouteReuseStrategy, useClass: PerAddressReuse },
    { provide: TitleStrategy, useExisting: PageTitle },
    provideStore(),
    provideState(sessionFeature),
    provideState(liveFeature),
    provideEffects(sessionEffects, liveEffects),
  ],
};
