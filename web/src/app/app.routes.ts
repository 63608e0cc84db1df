import type { Routes } from '@angular/router';
import { findWorkspace, goToFirstWorkspace, requireNoSession, requireSession } from './session/session-guards.ts';

export const routes: Routes = [
  {
    path: '',
    pathMatch: 'full',
    canActivate: [goToFirstWorkspace],
    loadComponent: () => import('./workspaces/no-workspace.ts').then((file) => file.NoWorkspace),
  },
  {
    path: 'sign-in',
    title: 'Sign in',
    canActivate: [requireNoSession],
    loadComponent: () => import('./session/sign-in/sign-in.ts').then((file) => file.SignIn),
  },
  {
    path: 's',
    title: 'Shared with you',
    loadComponent: () => import('./shared/shared-page.ts').then((file) => file.SharedPage),
  },
  {
    path: 'w/:slug',
    canActivate: [requireSession],
    resolve: { workspace: findWorkspace },
    loadComponent: () => import('./workspaces/workspace-shell.ts').then((file) => file.WorkspaceShell),
    loadChildren: () => import('./artifacts/artifacts.routes.ts').then((file) => file.artifactsRoutes),
  },
  {
    path: '**',
    title: 'Not found',
    data: { main: true },
    loadComponent: () => import('./ui/not-found.ts').then((file) => file.NotFound),
  },
];
