import { writeFile } from 'node:fs/promises';
import { guards, instrumentGuards } from './guards.ts';

/** Run by `mutation.int.spec.ts` as a program of its own, since Node loads the api's sources instrumented here. */
instrumentGuards();
const { tryMutants } = await import('./try-mutants.ts');
const [, , output = ''] = process.argv;
const fates = await tryMutants(guards);
await writeFile(output, JSON.stringify(fates));
