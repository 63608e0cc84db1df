import type { TSchema } from 'typebox';
import {
  WORKSPACE_COLUMNS,
  WORKSPACE_DESCRIPTION,
  WORKSPACE_RESOURCE,
  WORKSPACE_RULES,
  WorkspaceSpec,
  WorkspaceStatus,
} from '@hortus/contracts/workspace-resource';
import { toStructural } from './structural-schema.ts';

/** The definition of the resource as the contract has it. */
export function workspaceCrd(): object {
  const { group, version, kind, plural, singular, listKind, shortNames, categories, scope } = WORKSPACE_RESOURCE;
  const field = (name: string, schema: TSchema): object => ({ [name]: toStructural(schema, name) });
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: {
      name: `${plural}.${group}`,
      labels: { 'app.kubernetes.io/name': 'hortus', 'app.kubernetes.io/part-of': 'hortus' },
    },
    spec: {
      group,
      scope,
      names: { kind, listKind, plural, singular, shortNames, categories },
      versions: [
        {
          name: version,
          served: true,
          storage: true,
          subresources: { status: {} },
          additionalPrinterColumns: WORKSPACE_COLUMNS,
          schema: {
            openAPIV3Schema: {
              type: 'object',
              description: WORKSPACE_DESCRIPTION,
              required: ['spec'],
              properties: {
                apiVersion: {
                  type: 'string',
                  description: `Version of the schema of this object: ${group}/${version}`,
                },
                kind: { type: 'string', description: `What this object is: ${kind}` },
                metadata: { type: 'object' },
                ...field('spec', WorkspaceSpec),
                ...field('status', WorkspaceStatus),
              },
              'x-kubernetes-validations': WORKSPACE_RULES,
            },
          },
        },
      ],
    },
  };
}
