import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CreatedApiToken } from '@hortus/contracts/token-api';
import type { TestApi } from '../test/fixtures/api.ts';
import type { TestPerson } from '../test/fixtures/people.ts';
import type { Tally } from '../test/tally.ts';
import { ROUNDS, type Round } from './rounds.ts';

export interface FuzzOptions {
  /** Cases for each operation and phase, at the most. */
  readonly maxExamples: number;
  readonly seed: number;
}

interface Fuzzer {
  readonly command: string;
  readonly folder: string;
  readonly options: FuzzOptions;
  readonly api: TestApi;
  readonly url: string;
}

/**
 * What the fuzzer takes for an answer to a good request beyond 2xx: a form can not say that an upload follows, that a
 * revision is the present one, or that a password is right.
 */
const REFUSALS_OF_GOOD = [400, 401, 403, 404, 409, 410, 412, 413, 415, 416, 422, 428, 429, 503];
const REFUSALS_OF_BAD = [400, 401, 403, 404, 405, 406, 409, 412, 413, 415, 422, 428, 429, 431, 503];

/** A configuration of schemathesis: the ids that a fuzzer would guess in vain. */
function configure(person: TestPerson, artifactId: string): string {
  return [
    '[parameters]',
    `"path.workspaceId" = "${person.workspaceId}"`,
    `"path.id" = "${artifactId}"`,
    '[checks]',
    `positive_data_acceptance.expected-statuses = [200, 201, 202, 204, 206, 303, 304, ${REFUSALS_OF_GOOD.join(', ')}]`,
    `negative_data_rejection.expected-statuses = [${REFUSALS_OF_BAD.join(', ')}]`,
    `missing_required_header.expected-statuses = [400, 401, 403, 404, 428]`,
    '',
  ].join('\n');
}

async function createToken(person: TestPerson): Promise<string> {
  const url = `/api/v1/workspaces/${person.workspaceId}/tokens`;
  const payload = { name: 'The fuzzer', scopes: ['read', 'write'], expiresInDays: 1 };
  return (await person.call({ method: 'POST', url, payload })).json<CreatedApiToken>().token;
}

async function headersOf(round: Round, person: TestPerson): Promise<Record<string, string>> {
  if (round.by === 'nobody') return {};
  if (round.by === 'session') return { Authorization: `Bearer ${person.accessToken}` };
  return { Authorization: `Bearer ${await createToken(person)}`, 'Hortus-Workspace': person.workspaceId };
}

/** How the testcases of a JUnit report ended. */
export function tallyJunit(report: string): Tally {
  const sum = (name: string) =>
    [...report.matchAll(new RegExp(`<testsuite [^>]*\\b${name}="(\\d+)"`, 'g'))].reduce((all, [, count]) => all + Number(count), 0); // prettier-ignore
  const failed = sum('failures') + sum('errors');
  return { passed: sum('tests') - failed - sum('skipped'), failed, skipped: [] };
}

async function runRound(fuzzer: Fuzzer, round: Round, caller: TestPerson, foreign: readonly string[]): Promise<Tally> {
  const { command, folder, options, url } = fuzzer;
  const name = `${round.name} ${caller.email}`.replaceAll(/\W+/g, '-');
  const report = join(folder, `${name}.xml`);
  const config = join(folder, `${name}.toml`);
  const artifact = await caller.createArtifact();
  await writeFile(config, configure(caller, artifact.id));
  const headers = Object.entries(await headersOf(round, caller));
  const args = [
    ...['--config-file', config, 'run', `${url}/api/docs/openapi.json`],
    ...['--checks', 'all', '--phases', 'examples,coverage,fuzzing,stateful', '--max-examples', String(options.maxExamples)],
    ...['--seed', String(options.seed), '--continue-on-failure', '--request-timeout', '30'],
    ...['--report', 'junit', '--report-junit-path', report, '--warnings', 'off', '--suppress-health-check', 'all'],
    ...headers.flatMap(([header, value]) => ['--header', `${header}: ${value}`]),
    ...round.operationIds.flatMap((id) => ['--include-operation-id', id]),
  ]; // prettier-ignore
  const child = spawn(command, args, {
    cwd: folder,
    env: {
      PATH: process.env['PATH'],
      HOME: folder,
      SCHEMATHESIS_HOOKS: fileURLToPath(new URL('./hooks.py', import.meta.url)),
      HORTUS_FUZZ_FOREIGN: foreign.join(','),
    },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const [code] = (await once(child, 'exit')) as [number | null];
  const tally = tallyJunit(await readFile(report, 'utf8').catch(() => ''));
  // It has failed also where it could not even begin.
  return { passed: tally.passed, failed: Math.max(tally.failed, code === 0 ? 0 : 1), skipped: [] };
}

/** Each round by people of two workspaces, neither of whom may ever see anything of the other. */
export async function fuzz(fuzzer: Fuzzer, onRound: (name: string, tally: Tally) => void): Promise<void> {
  const [acme, umbrella] = [
    await fuzzer.api.plant('Acme', ['owner', 'admin']),
    await fuzzer.api.plant('Umbrella', ['owner', 'admin']),
  ];
  const secretOf = async (workspace: typeof acme) => {
    const artifact = await workspace.people.owner.createArtifact({ name: `Secret of ${workspace.slug}` });
    return [workspace.id, artifact.id, `secret of ${workspace.slug}`, workspace.people.owner.email];
  };
  const secrets = [await secretOf(acme), await secretOf(umbrella)];
  for (const [index, workspace] of [acme, umbrella].entries()) {
    for (const round of ROUNDS) {
      const caller = round.isThrowaway ? workspace.people.admin : workspace.people.owner;
      onRound(`${round.name}, in ${workspace.slug}`, await runRound(fuzzer, round, caller, secrets[1 - index] ?? []));
    }
  }
}
