import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { GENERATED_FILES, printGenerated } from './generated-files.ts';

/** `npm run gen`: prints the generated files anew. */
const checkout = fileURLToPath(new URL('../..', import.meta.url));
for (const file of GENERATED_FILES) {
  await writeFile(join(checkout, file.path), await printGenerated(checkout, file));
  process.stdout.write(`${file.path}\n`);
}
