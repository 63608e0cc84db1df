import { defineSearchAttributeKey } from '@temporalio/common';
import { SEARCH_ATTRIBUTES } from '@hortus/contracts/gardener';

export const WORKSPACE = defineSearchAttributeKey(SEARCH_ATTRIBUTES.workspace, 'KEYWORD');
export const ARTIFACT = defineSearchAttributeKey(SEARCH_ATTRIBUTES.artifact, 'KEYWORD');
export const STAGE = defineSearchAttributeKey(SEARCH_ATTRIBUTES.stage, 'KEYWORD');
