import { InjectionToken } from '@angular/core';
import type { WorkspaceMembership } from '@hortus/contracts/workspace';

/** The workspace of the address, `/w/<slug>/…`. The shell provides it; everything below is about this workspace alone. */
export const CURRENT_WORKSPACE = new InjectionToken<WorkspaceMembership>('the workspace of the address');
