import type { Routes } from '@angular/router';

export const artifactsRoutes: Routes = [
  { path: '', pathMatch: 'full', redirectTo: 'artifacts' },
  {
    path: 'artifacts',
    title: 'Artifacts',
    loadComponent: () => import('./artifacts-page/artifacts-page.ts').then((file) => file.ArtifactsPage),
  },
  {
    path: 'artifacts/:id',
    title: 'Artifact',
    loadComponent: () => import('./artifact-page/artifact-page.ts').then((file) => file.ArtifactPage),
  },
  {
    path: 'tags',
    title: 'Tags',
    loadComponent: () => import('../tags/tags-page.ts').then((file) => file.TagsPage),
  },
  {
    path: 'trash',
    title: 'Trash',
    loadComponent: () => import('../trash/trash-page.ts').then((file) => file.TrashPage),
  },
  {
    path: '**',
    title: 'Not found',
    loadComponent: () => import('../ui/not-found.ts').then((file) => file.NotFound),
  },
];
