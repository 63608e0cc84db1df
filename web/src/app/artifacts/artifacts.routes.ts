import type { Routes } from '@angular/router';

export const artifactsRoutes: Routes = [
  { path: '', pathMatch: 'full', redirectTo: 'artifacts' },
  {
    path: 'artifacts',
    title: 'Artifacts',
    loadComponent: () => import('./artifact-grid/artifact-grid.ts').then((file) => file.ArtifactGrid),
  },
  {
    path: 'artifacts/:id',
    title: 'Artifact',
    loadComponent: () => import('./artifact-page/artifact-page.ts').then((file) => file.ArtifactPage),
  },
  {
    path: '**',
    title: 'Not found',
    loadComponent: () => import('../ui/not-found.ts').then((file) => file.NotFound),
  },
];
