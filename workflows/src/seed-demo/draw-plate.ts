/** A program of its own, run by the seeding: draws one plate. */
import { answerParent } from '../low-priority-process.ts';
import type { Plate } from './herbarium/plates.ts';
import { renderPlate } from './herbarium/render.ts';

answerParent<{ plate: Plate }>(async function* ({ plate }) {
  yield await renderPlate(plate);
});
