/** A program of its own, run by the seeding: draws one plate. */
import { answerParent } from '../low-priority-process.ts';
import type { Plate } from './herbarium/plates.ts';
import { renderPlate, type RenderedPlate } from './herbarium/render.ts';

answerParent<{ plate: Plate }, RenderedPlate>(async function* ({ plate }) {
  yield await renderPlate(plate);
});
