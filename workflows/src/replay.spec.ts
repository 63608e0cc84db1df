import { readFile, readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { DefaultLogger, Runtime, Worker, makeTelemetryFilterString } from '@temporalio/worker';
import type { WORKFLOWS } from '@hortus/contracts/gardener';
import { prepareBundle } from './bundle.ts';
import { historyFromText } from './recorded-history.ts';

jest.setTimeout(60_000);

/** Every workflow and the folder of its recorded histories. */
const FOLDERS: Readonly<Record<keyof typeof WORKFLOWS, string>> = {
  gardenArtifact: 'garden-artifact',
  purgeTrash: 'purge-trash',
  removeWorkspace: 'remove-workspace',
  seedDemo: 'seed-demo',
};

let workflows: { workflowBundle: { codePath: string } } | { workflowsPath: string };

beforeAll(async () => {
  Runtime.install({
    logger: new DefaultLogger('ERROR'),
    telemetryOptions: { logging: { filter: makeTelemetryFilterString({ core: 'ERROR' }) } },
    shutdownSignals: [],
  });
  const codePath = await prepareBundle();
  workflows =
    codePath === null
      ? { workflowsPath: fileURLToPath(new URL('./workflows.ts', import.meta.url)) }
      : { workflowBundle: { codePath } };
});

afterAll(() => Runtime.instance().shutdown());

async function histories(folder: string): Promise<{ workflowId: string; history: unknown }[]> {
  const url = new URL(`./${folder}/histories/`, import.meta.url);
  const names = (await readdir(url)).filter((name) => name.endsWith('.json'));
  return Promise.all(
    names.map(async (name) => ({
      workflowId: name,
      history: historyFromText(await readFile(new URL(name, url), 'utf8')),
    })),
  );
}

describe.each(Object.entries(FOLDERS))('the code of %s', (_workflow, folder) => {
  it('goes on with every run that was recorded', async () => {
    const recorded = await histories(folder);
    expect(recorded.length).toBeGreaterThan(2);
    const replays = Worker.runReplayHistories({ ...workflows }, recorded);
    const failures: string[] = [];
    let count = 0;
    for await (const { workflowId, error } of replays) {
      count += 1;
      if (error) failures.push(`${workflowId}: ${error.message}`);
    }
    expect(failures).toEqual([]);
    expect(count).toBe(recorded.length);
  });
});

describe('a replay', () => {
  it('finds a run that the code would go on with differently', async () => {
    const ready = await readFile(new URL('./garden-artifact/histories/ready.json', import.meta.url), 'utf8');
    const history = historyFromText(ready.replaceAll('"makeVariants"', '"makeSomethingElse"'));
    await expect(Worker.runReplayHistory({ ...workflows }, history)).rejects.toThrow(/makeSomethingElse|determinis/i);
  });
});
