import { colour, mixColour, shade, vary, type Colour } from '../colour.ts';
import { along, aside, at, mix, step, walk, type Point } from '../geometry.ts';
import { growLeaf, profile, SHAPES } from '../leaf.ts';
import { onBlade, type Blade, type Mark, type Vein } from '../marks.ts';
import { growBody } from '../petal.ts';
import type { Random } from '../random.ts';
import { dots, scatterDots, strand, tipOf, type GrowPlant } from './grow.ts';
import { GREEN, HUE } from './palette.ts';

/** A surface between an upper and a lower line, both from left to right. */
function between(
  upper: readonly Point[],
  lower: readonly Point[],
  tone: Colour,
  tip: Colour,
  veins: readonly Vein[],
  material: Blade['material'] = 'flesh',
): Blade {
  return {
    kind: 'blade',
    material,
    left: upper,
    right: lower,
    axis: upper.map((point, index) => ({
      x: mix(point.x, at(lower, index).x, 0.5),
      y: mix(point.y, at(lower, index).y, 0.5),
    })),
    smooth: true,
    veins,
    colour: tone,
    tip,
  };
}

function arc(
  centre: Point,
  halfWidth: number,
  height: number,
  power: number,
  wave: number,
  random: Random,
  count = 24,
): Point[] {
  const phase = random.between(0, 6);
  return Array.from({ length: count + 1 }, (_, index) => {
    const u = mix(-1, 1, index / count);
    return {
      x: centre.x + u * halfWidth,
      y: centre.y - height * (1 - Math.abs(u) ** power) ** (1 / power) + Math.sin(phase + u * 5) * wave,
    };
  });
}

/** White scraps of the torn veil, smaller towards the rim. */
function growWarts(centre: Point, halfWidth: number, height: number, count: number, random: Random): Mark[] {
  return Array.from({ length: count }, (_, index) => {
    const u = mix(-0.9, 0.9, (index + random.between(0.1, 0.9)) / count);
    const v = random.between(0.06, 0.9);
    const place = {
      x: centre.x + u * halfWidth * (0.55 + 0.45 * v * 0.2 + 0.3),
      y: centre.y - height * Math.sqrt(Math.max(0, 1 - u * u)) * v,
    };
    const size = halfWidth * random.between(0.035, 0.085) * (0.7 + 0.5 * v);
    return growBody(
      {
        base: place,
        heading: u * 0.9 + random.between(-0.4, 0.4),
        length: size,
        width: size * random.between(0.9, 1.5),
        shape: profile(0.45, 0.4),
        colour: HUE.bone,
        tip: HUE.cream,
        material: 'seed',
      },
      random,
    );
  });
}

interface ToadstoolSpec {
  readonly foot: Point;
  readonly height: number;
  readonly cap: number;
  readonly dome: number;
  readonly lean: number;
  readonly gills: number;
  readonly red: Colour;
}

function growToadstool(spec: ToadstoolSpec, random: Random): Mark[] {
  const marks: Mark[] = [];
  const { foot, height, cap } = spec;
  const line = walk(foot, spec.lean, height, { bend: -spec.lean * 0.6, steps: 16 });
  const top = tipOf(line).point;
  const rimHeight = cap * spec.gills;
  const under = arc(top, cap, -rimHeight, 2, cap * 0.01, random);
  const upperRim = arc(top, cap, rimHeight * 0.55, 2, cap * 0.006, random);
  // The gills: from the stalk to the rim, every second one short.
  const gillVeins: Vein[] = [];
  for (let index = 0; index <= 66; index += 1) {
    const t = index / 66;
    const rim = along(under, t).point;
    const centre = { x: mix(top.x, rim.x, 0.1), y: top.y - rimHeight * 0.1 };
    const start = index % 2 === 0 ? 0.02 : random.between(0.3, 0.6);
    gillVeins.push({
      order: 3,
      line: [start, 0.5 + start / 2, 0.98].map((s) => ({
        x: mix(centre.x, rim.x, s),
        y: mix(centre.y, rim.y, s ** 1.15),
      })),
    });
  }
  // Stalk first, so that the cap sits on it.
  const stalk = {
    kind: 'strand',
    material: 'stem',
    line,
    startWidth: cap * 0.34,
    endWidth: cap * 0.2,
    colour: HUE.bone,
  } as const;
  const bulb = growBody(
    {
      base: step(foot, Math.PI, cap * 0.16),
      heading: spec.lean,
      length: cap * 0.52,
      width: cap * 0.52,
      shape: profile(0.4, 0.6),
      ribs: 5,
      colour: shade(HUE.bone, -0.06),
      tip: HUE.bone,
      material: 'flesh',
    },
    random,
  );
  marks.push(bulb);
  for (let ring = 0; ring < 4; ring += 1) {
    const y = cap * (0.3 - ring * 0.085);
    const place = step(foot, spec.lean, y);
    for (let flake = -4; flake <= 4; flake += 1)
      marks.push(
        growBody(
          {
            base: aside(place, spec.lean, (flake / 4.4) * cap * (0.235 - ring * 0.012)),
            heading: spec.lean + flake * 0.1,
            length: cap * 0.075,
            width: cap * 0.07,
            shape: profile(0.5, 0.6),
            colour: shade(HUE.bone, -0.05),
            tip: HUE.cream,
            material: 'seed',
          },
          random,
        ),
      );
  }
  if (spec.gills > 0.05) {
    marks.push(between(upperRim, under, shade(HUE.cream, -0.05), shade(HUE.cream, -0.01), gillVeins));
  }
  marks.push(stalk);
  for (let index = 0; index < 16; index += 1) {
    const u = random.between(-0.42, 0.42);
    const t = random.between(0.15, 0.6);
    const from = along(line, t);
    const to = along(line, t + random.between(0.1, 0.25));
    marks.push(
      strand(
        [aside(from.point, from.heading, u * cap * 0.25), aside(to.point, to.heading, u * cap * 0.22)],
        1.3,
        0.7,
        shade(HUE.bone, -0.14),
        'hair',
      ),
    );
  }
  if (spec.gills > 0.05) {
    const collar = along(line, 0.7).point;
    const frill = arc({ x: collar.x, y: collar.y + cap * 0.16 }, cap * 0.21, -cap * 0.05, 2, cap * 0.018, random, 14);
    const upper = arc(collar, cap * 0.115, cap * 0.02, 2, 0, random, 14);
    marks.push(
      between(
        upper,
        frill,
        HUE.cream,
        shade(HUE.bone, -0.03),
        Array.from({ length: 11 }, (_, index) => ({
          order: 3 as const,
          line: [along(upper, index / 10).point, along(frill, index / 10).point],
        })),
      ),
    );
  }
  const lower = spec.gills > 0.05 ? upperRim : under;
  const dome = arc(top, cap * 1.01, cap * spec.dome, 2.1, 0, random);
  const red = between(
    dome,
    lower.map((point, index) => (index === 0 || index === lower.length - 1 ? at(dome, index) : point)),
    spec.red,
    shade(spec.red, 0.05, 0, 8),
    [],
  );
  marks.push(red);
  // A wet sheen and a fine, ribbed rim.
  marks.push(
    strand(
      [0.2, 0.28, 0.36, 0.44].map((t) => {
        const p = along(dome, t).point;
        return { x: mix(p.x, top.x, 0.12), y: mix(p.y, top.y, 0.2) };
      }),
      cap * 0.05,
      cap * 0.015,
      shade(spec.red, 0.14, -0.03),
      'hair',
      true,
    ),
  );
  for (let index = 1; index < 34; index += 1) {
    const p = along(lower, index / 34).point;
    const q = along(dome, index / 34).point;
    marks.push(
      strand([p, { x: mix(p.x, q.x, 0.07), y: mix(p.y, q.y, 0.07) }], 1.4, 0.8, shade(spec.red, -0.1), 'hair'),
    );
  }
  marks.push(
    ...growWarts({ x: top.x, y: top.y - rimHeight * 0.3 }, cap, cap * spec.dome * 0.86, Math.round(cap / 5.4), random),
  );
  return marks;
}

/** Cut down the middle: flesh, gills from the side, and the hollow of the stalk. */
function growSection(foot: Point, height: number, cap: number, red: Colour, random: Random): Mark[] {
  const marks: Mark[] = [];
  const line = walk(foot, 0.02, height, { steps: 12 });
  const top = tipOf(line).point;
  marks.push(
    growBody(
      {
        base: step(foot, Math.PI, cap * 0.16),
        heading: 0,
        length: cap * 0.5,
        width: cap * 0.5,
        shape: profile(0.4, 0.6),
        colour: HUE.cream,
        material: 'flesh',
      },
      random,
    ),
  );
  const dome = arc(top, cap * 0.965, cap * 0.52, 2.1, 0, random);
  const inner = dome.map((point) => ({ x: mix(point.x, top.x, 0.045), y: mix(point.y, top.y + 4, 0.045) }));
  const flesh = arc({ x: top.x, y: top.y - cap * 0.14 }, cap * 0.94, cap * 0.12, 2, 0, random);
  const gillEdge = arc({ x: top.x, y: top.y - cap * 0.02 }, cap * 0.95, -cap * 0.13, 2.4, 0, random);
  marks.push(
    between(
      dome,
      inner.map((p, index) => (index === 0 || index === inner.length - 1 ? at(dome, index) : p)),
      red,
      red,
      [],
    ),
  );
  marks.push(
    between(
      flesh,
      gillEdge,
      shade(HUE.butter, 0.02, -0.05),
      HUE.cream,
      Array.from({ length: 52 }, (_, index) => ({
        order: 3 as const,
        line: [along(flesh, (index + 0.5) / 52).point, along(gillEdge, (index + 0.5) / 52).point],
      })),
    ),
  );
  marks.push(between(inner, flesh, HUE.white, HUE.cream, []));
  marks.push({
    kind: 'strand',
    material: 'stem',
    line: walk(foot, 0.02, height - cap * 0.06, { steps: 12 }),
    startWidth: cap * 0.32,
    endWidth: cap * 0.2,
    colour: HUE.cream,
  });
  marks.push(
    growLeaf(
      {
        base: step(foot, 0, cap * 0.1),
        heading: 0.02,
        length: height * 0.72,
        width: cap * 0.1,
        shape: profile(0.3, 0.5),
        venation: 'none',
        colour: shade(HUE.bone, -0.1),
        tip: HUE.bone,
        material: 'flesh',
      },
      random,
    ),
  );
  return marks;
}

function growTuft(x: number, width: number, height: number, count: number, random: Random): Mark[] {
  return Array.from({ length: count }, () => {
    const place = x + random.between(-width / 2, width / 2);
    const turn = random.gaussian(0, 0.5);
    return growLeaf(
      {
        base: { x: place, y: random.between(0, 26) },
        heading: turn,
        length: height * random.between(0.4, 1),
        width: random.between(5, 10),
        shape: profile(0.15, 0.6),
        bend: turn * 0.9,
        venation: 'midrib',
        samples: 9,
        colour: vary(random.pick([GREEN.moss, GREEN.leaf, GREEN.olive]), random),
        tip: vary(GREEN.fresh, random),
      },
      random,
    );
  });
}

export const growMushrooms: GrowPlant = (random) => {
  const red = HUE.scarlet;
  const marks: Mark[] = [...growTuft(-330, 460, 130, 34, random), ...growTuft(230, 380, 110, 22, random)];
  marks.push(
    ...growToadstool(
      { foot: { x: -330, y: 0 }, height: 430, cap: 235, dome: 0.62, lean: -0.07, gills: 0.2, red },
      random,
    ),
  );
  marks.push(
    ...growToadstool(
      {
        foot: { x: -640, y: 30 },
        height: 150,
        cap: 122,
        dome: 1.05,
        lean: -0.05,
        gills: 0,
        red: shade(red, -0.02, 0, 4),
      },
      random,
    ),
  );
  marks.push(
    ...growToadstool(
      {
        foot: { x: 20, y: 24 },
        height: 280,
        cap: 150,
        dome: 0.86,
        lean: 0.12,
        gills: 0.08,
        red: shade(red, 0.04, 0, 10),
      },
      random,
    ),
  );
  marks.push(...growSection({ x: 430, y: 6 }, 400, 215, red, random));
  // A button, still inside its veil.
  marks.push(
    growBody(
      {
        base: { x: 165, y: 60 },
        heading: 0.05,
        length: 150,
        width: 112,
        shape: profile(0.4, 0.5),
        ribs: 2,
        colour: shade(HUE.bone, -0.04),
        tip: HUE.cream,
        material: 'flesh',
      },
      random,
    ),
  );
  marks.push(...growWarts({ x: 168, y: 20 }, 52, 96, 12, random));
  marks.push(
    ...growTuft(-360, 560, 78, 38, random),
    ...growTuft(60, 330, 70, 24, random),
    ...growTuft(440, 240, 64, 16, random),
  );
  for (let leaf = 0; leaf < 7; leaf += 1) {
    const x = mix(-690, 560, leaf / 6) + random.between(-30, 30);
    marks.push(
      growLeaf(
        {
          base: { x, y: 42 + random.between(-6, 20) },
          heading: random.sign() * random.between(1.2, 1.8),
          length: random.between(70, 105),
          width: random.between(46, 66),
          shape: SHAPES.ovate,
          margin: { kind: 'serrate', teeth: 9, depth: 0.12 },
          bend: random.between(-0.4, 0.4),
          veinCount: 5,
          colour: vary(HUE.amber, random),
          tip: vary(HUE.chestnut, random),
        },
        random,
      ),
    );
  }
  return marks;
};

/** Shoots like small firs, and capsules on red stalks. */
export const growMoss: GrowPlant = (random) => {
  const marks: Mark[] = [];
  const setae: Mark[] = [];
  const count = 13;
  const shoots = Array.from({ length: count }, (_, index) => ({
    x: mix(-560, 560, index / (count - 1)) + random.between(-20, 20),
    height: random.between(210, 400),
    lean: mix(-0.2, 0.2, index / (count - 1)) + random.between(-0.08, 0.08),
  }));
  for (const { x, height, lean } of shoots) {
    const line = walk({ x, y: random.between(-8, 18) }, lean, height, {
      bend: random.between(-0.2, 0.2),
      wobble: 0.06,
      random,
      steps: 20,
    });
    marks.push(strand(line, 5.5, 3.4, mixColour(HUE.chestnut, GREEN.moss, 0.4)));
    const leaves = Math.round(height / 7.2);
    for (let leaf = 0; leaf < leaves; leaf += 1) {
      const t = mix(0.06, 1, leaf / leaves);
      const { point, heading } = along(line, t);
      const turn = Math.sin(leaf * 2.39996) * mix(1.05, 0.5, t);
      const old = Math.max(0, 0.34 - t) * 2;
      const tone = mixColour(mixColour(GREEN.moss, GREEN.lime, t * 0.7), HUE.chestnut, old);
      marks.push(
        growLeaf(
          {
            base: point,
            heading: heading + turn,
            length: mix(54, 70, Math.sin(Math.PI * t)) * random.between(0.85, 1.1),
            width: 9.5,
            shape: profile(0.32, 0.95),
            bend: turn * random.between(0.2, 0.6),
            venation: 'midrib',
            samples: 8,
            colour: vary(tone, random),
            tip: vary(shade(tone, 0.06), random),
          },
          random,
        ),
      );
    }
    if (random.chance(0.72)) {
      const end = tipOf(line);
      const seta = walk(step(end.point, end.heading, -30), end.heading, random.between(300, 430), {
        bend: random.between(-0.22, 0.22),
        wobble: 0.05,
        random,
        steps: 16,
      });
      setae.push(strand(seta, 3.8, 2.8, mixColour(HUE.crimson, HUE.orange, random.between(0.2, 0.6))));
      const top = tipOf(seta);
      const way = top.heading + random.sign() * random.between(0.35, 0.9);
      const ripe = random.next();
      const tone = mixColour(GREEN.fresh, HUE.chestnut, ripe);
      setae.push(
        growBody(
          {
            base: step(top.point, way, -5),
            heading: way,
            length: 17,
            width: 25,
            colour: shade(tone, -0.08),
            material: 'seed',
          },
          random,
        ),
      );
      setae.push(
        growBody(
          {
            base: step(top.point, way, 6),
            heading: way,
            length: 62,
            width: 33,
            shape: profile(0.26, 0.32),
            ribs: 4,
            colour: shade(tone, -0.04),
            tip: tone,
            material: 'seed',
          },
          random,
        ),
      );
      if (random.chance(0.55)) {
        // The hairy cap that gives the moss its name.
        const cap = growLeaf(
          {
            base: step(top.point, way, 20),
            heading: way,
            length: 92,
            width: 42,
            shape: profile(0.2, 0.62),
            venation: 'parallel',
            veinCount: 4,
            colour: HUE.tan,
            tip: HUE.straw,
            material: 'seed',
          },
          random,
        );
        setae.push(cap);
        for (let hair = 0; hair < 12; hair += 1) {
          const u = random.between(-0.9, 0.9);
          setae.push(
            strand(
              [onBlade(cap, random.between(0.3, 0.6), u), onBlade(cap, 0.02, u * 1.06)],
              1.3,
              0.7,
              HUE.straw,
              'hair',
            ),
          );
        }
      } else {
        setae.push(
          growBody(
            {
              base: step(top.point, way, 66),
              heading: way,
              length: 26,
              width: 22,
              shape: profile(0.3, 0.8),
              colour: HUE.orange,
              tip: HUE.amber,
              material: 'seed',
            },
            random,
          ),
        );
      }
    }
  }
  // The dark felt in which they stand.
  const felt: Mark[] = [];
  for (let index = 0; index < 210; index += 1) {
    const x = random.between(-600, 600);
    felt.push(
      strand(
        walk({ x, y: random.between(-6, 42) }, random.between(1.1, 5.2), random.between(26, 80), {
          wobble: 0.5,
          random,
          steps: 6,
        }),
        2.4,
        0.8,
        vary(shade(HUE.umber, 0.06), random),
        'root',
      ),
    );
  }
  const crumbs = Array.from({ length: 9 }, (_, index) =>
    dots(
      scatterDots({ x: mix(-540, 540, index / 8), y: 26 }, 62, 11, [1.4, 4.6], random),
      colour(0.4, 0.045, random.between(50, 80)),
      'root',
    ),
  );
  return [
    ...setae.filter((mark) => mark.kind === 'strand'),
    ...felt,
    ...crumbs,
    ...marks,
    ...setae.filter((mark) => mark.kind !== 'strand'),
  ];
};
