/** A program of its own, run by the seeding: draws one plate. */
import { answerParent } from '../child-process.ts';
import type { Plate } from './herbarium/plates.ts';
import { renderPlate } from './herbarium/render.ts';

answerParent(async function* ({ plate }: { plate: Plate }) {
  yield await renderPlate(plate);
});
