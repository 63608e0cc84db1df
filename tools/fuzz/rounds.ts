import type { Endpoint } from '@hortus/contracts/endpoint';
import { ENDPOINTS } from '@hortus/contracts/endpoints';

/** A run of the fuzzer: some operations, asked by somebody. */
export interface Round {
  readonly name: string;
  readonly operationIds: readonly string[];
  /** By what the caller signs in. */
  readonly by: 'apiToken' | 'session' | 'nobody';
  /** A person who may lose their session, their membership or their workspace by it. */
  readonly isThrowaway: boolean;
}

/** What ends the session, the membership or the workspace of whoever calls it: everything after would be a 401 or a 404. */
const ENDING =
  /^(logout|endSession|changePassword|deleteAccount|deleteMe|removeMember|updateMember|leave|transfer|deleteWorkspace|revoke)/;

function round(
  name: string,
  by: Round['by'],
  isThrowaway: boolean,
  isIn: (endpoint: Endpoint) => boolean,
): readonly Round[] {
  const operationIds = ENDPOINTS.filter(isIn).map(({ schema }) => schema.operationId);
  return operationIds.length === 0 ? [] : [{ name, by, isThrowaway, operationIds }];
}

const isByPerson = ({ config: { access } }: Endpoint) => access === 'session' || access === 'membership';
const isEnding = ({ schema }: Endpoint) => ENDING.test(schema.operationId);

/** Every operation of the contract that is not internal, in one of the rounds. A stream has no end, so no fuzzer reads it. */
export const ROUNDS: readonly Round[] = [
  ...round('what members do', 'apiToken', false, (endpoint) => endpoint.config.access === 'workspace' && endpoint.schema.operationId !== 'streamEvents'), // prettier-ignore
  ...round('what people do', 'session', false, (endpoint) => isByPerson(endpoint) && !isEnding(endpoint)),
  ...round('what ends something', 'session', true, (endpoint) => isByPerson(endpoint) && isEnding(endpoint)),
  ...round(
    'what anybody does',
    'nobody',
    false,
    ({ config: { access } }) => access === 'public' || access === 'signed',
  ),
];
