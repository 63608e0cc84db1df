import { readFile } from 'node:fs/promises';
import { renderPlate } from '../../workflows/src/seed-demo/herbarium/render.ts';
import { DEMO_WORKSPACES } from '../../workflows/src/seed-demo/demo-artifacts.ts';
import sharp from 'sharp';
import { printTable, type Figure } from '../figure.ts';
import { measureGardener } from './gardener.ts';
import { measureStarts } from './starts.ts';
import { measureUpload } from './upload.ts';

const WIDTH_PX = 2725;
const HEIGHT_PX = 2225;

/** A picture of the size that the figures name, where no photograph is given: a plate of the demo, enlarged. */
async function drawPhoto(): Promise<Buffer> {
  const plate = DEMO_WORKSPACES[0]?.artifacts.flatMap((artifact) => ('plate' in artifact ? [artifact.plate] : []))[0];
  if (plate === undefined) throw new Error('the demo has no plate');
  const { bytes } = await renderPlate(plate);
  return sharp(bytes).resize(WIDTH_PX, HEIGHT_PX, { fit: 'cover' }).jpeg({ quality: 85 }).toBuffer();
}

/** The figures of the main job: from the upload's answer to the picture, and from nothing to the ready line. */
export async function benchMainJob(options: { photo: string | undefined; isCold: boolean }): Promise<Figure[]> {
  const photo = options.photo === undefined ? await drawPhoto() : await readFile(options.photo);
  const parts = [
    { name: 'the gardener, about 10 minutes', measure: () => measureGardener(photo) },
    { name: 'an upload of 1 GiB', measure: () => measureUpload() },
    { name: 'starts, some minutes', measure: () => measureStarts({ isCold: options.isCold }) },
  ];
  const figures: Figure[] = [];
  for (const { name, measure } of parts) {
    process.stdout.write(`\nMeasuring ${name} …\n`);
    const measured = await measure();
    // Printed as they come, so that a later part that breaks does not take them along.
    process.stdout.write(`${printTable(name, measured)}\n`);
    figures.push(...measured);
  }
  return figures;
}
