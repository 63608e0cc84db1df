import { mixColour, shade, vary, type Colour } from '../colour.ts';
import { along, aside, at, mix, step, walk, type Point } from '../geometry.ts';
import { growLeaf, profile, SHAPES } from '../leaf.ts';
import { onBlade, type Blade, type Mark, type Vein } from '../marks.ts';
import { growBody, growPetal, PETALS } from '../petal.ts';
import type { Random } from '../random.ts';
import { dots, growRoots, strand, tipOf, type GrowPlant } from './grow.ts';
import { GREEN, HUE } from './palette.ts';

function growBell(
  base: Point,
  heading: number,
  length: number,
  tone: Colour,
  pale: Colour,
  facing: 1 | -1,
  random: Random,
): Mark[] {
  const marks: Mark[] = [];
  const tube = growPetal(
    {
      base,
      heading,
      length,
      width: length * 0.5,
      shape: (t) => 0.26 + 0.74 * Math.sin(Math.min(1, t * 1.12) * Math.PI * 0.5) ** 1.2,
      bend: -facing * 0.3,
      veinCount: 4,
      colour: vary(shade(tone, 0.03), random, 0.6),
      tip: vary(tone, random, 0.6),
      tilt: 0,
    },
    random,
  );
  const mouth = tipOf(tube.axis);
  const inner = growBody(
    {
      base: aside(step(mouth.point, mouth.heading, -length * 0.03), mouth.heading, -length * 0.27),
      heading: mouth.heading + Math.PI / 2,
      length: length * 0.54,
      width: length * 0.26,
      colour: shade(pale, -0.04, 0.01),
      tip: pale,
      material: 'petal',
    },
    random,
  );
  // The lower lip reaches furthest; its freckles lead the bees in.
  const lip = growPetal(
    {
      base: step(mouth.point, mouth.heading, -length * 0.04),
      heading: mouth.heading - facing * 0.18,
      length: length * 0.27,
      width: length * 0.4,
      shape: profile(0.4, 0.34),
      frill: 0.05,
      veinCount: 3,
      colour: pale,
      tip: shade(tone, 0.08),
    },
    random,
  );
  marks.push(tube, inner, lip);
  const freckles = Array.from({ length: 13 }, () => ({
    ...onBlade(random.chance(0.5) ? inner : lip, random.between(0.2, 0.75), random.between(-0.6, 0.6)),
    radius: length * random.between(0.01, 0.022),
  }));
  marks.push(dots(freckles, shade(HUE.wine, 0, 0.03, -20), 'petal'));
  marks.push(
    ...[-0.5, 0, 0.5].map((turn) =>
      growLeaf(
        {
          base: step(base, heading, -length * 0.05),
          heading: heading + turn,
          length: length * 0.27,
          width: length * 0.13,
          shape: SHAPES.ovate,
          venation: 'none',
          samples: 8,
          colour: vary(GREEN.leaf, random),
        },
        random,
      ),
    ),
  );
  return marks;
}

export const growFoxglove: GrowPlant = (random) => {
  const marks: Mark[] = [];
  const green = shade(GREEN.leaf, 0.02, -0.02);
  marks.push(...growRoots({ x: 0, y: 0 }, Math.PI, 10, 130, 3.4, HUE.tan, random));
  const line = walk({ x: 0, y: 0 }, -0.03, 1150, { bend: 0.06, late: 2, wobble: 0.03, random, steps: 30 });
  for (const [heading, length, bend] of [
    [-1.15, 360, 0.4],
    [1.15, 370, -0.4],
    [-0.72, 380, 0.3],
    [0.7, 360, -0.36],
  ] as const) {
    marks.push(
      growLeaf(
        {
          base: { x: 0, y: -4 },
          heading,
          length: length * random.between(0.94, 1.06),
          width: length * 0.36,
          shape: profile(0.8, 0.75),
          margin: { kind: 'crenate', teeth: 15, depth: 0.08 },
          bend,
          tilt: random.between(-0.25, 0.25),
          veinCount: 8,
          veinAngle: 0.26,
          net: true,
          colour: vary(green, random),
          tip: shade(green, 0.05),
        },
        random,
      ),
    );
  }
  for (const [t, side] of [
    [0.16, -1],
    [0.22, 1],
    [0.3, -1],
    [0.35, 1],
  ] as const) {
    const { point, heading } = along(line, t);
    marks.push(
      growLeaf(
        {
          base: point,
          heading: heading + side * 0.8,
          length: mix(220, 150, t * 2),
          width: 62,
          shape: SHAPES.lanceolate,
          margin: { kind: 'crenate', teeth: 12, depth: 0.07 },
          bend: -side * 0.4,
          veinCount: 6,
          net: true,
          colour: vary(green, random),
        },
        random,
      ),
    );
  }
  marks.push(strand(line, 19, 6, shade(green, 0.04)));
  const count = 26;
  for (let index = count - 1; index >= 0; index -= 1) {
    const v = index / (count - 1);
    const t = mix(0.4, 0.985, v ** 0.92);
    const { point, heading } = along(line, t);
    const side = [-1, 1, -1, 1][index % 4] as 1 | -1;
    const forward = index % 4 >= 2 ? 0.42 : 0;
    const turn = side * mix(2.2, 0.9, v) + side * forward * 0.5;
    const length = mix(150, 26, v ** 1.15);
    const stalk = walk(point, heading + side * mix(1.2, 0.6, v), 16 * (1 - v) + 4, { bend: side * 0.6, steps: 4 });
    marks.push(strand(stalk, 4, 3, green));
    if (v > 0.66) {
      const tone = mixColour(HUE.rose, GREEN.fresh, (v - 0.66) * 3);
      marks.push(
        growBody(
          {
            base: at(stalk, 4),
            heading: heading + turn,
            length: length * 0.95,
            width: length * 0.52,
            shape: profile(0.5, 0.5),
            colour: GREEN.fresh,
            tip: tone,
            material: 'petal',
          },
          random,
        ),
      );
    } else {
      marks.push(
        ...growBell(
          at(stalk, 4),
          heading + turn,
          length,
          shade(HUE.magenta, 0.05, -0.03),
          shade(HUE.pink, 0.04, -0.02),
          side,
          random,
        ),
      );
    }
  }
  return marks;
};

export const growLavender: GrowPlant = (random) => {
  const marks: Mark[] = [];
  const tie = { x: 0, y: -235 };
  const stems = [-0.42, -0.24, -0.08, 0.1, 0.26, 0.44].map((fan, index) => {
    const height = 620 + Math.cos(fan * 3) * 130 + random.between(-50, 50);
    const upper = walk({ x: tie.x + fan * 34, y: tie.y }, fan * 1.02, height, {
      bend: fan * 0.5 + random.between(-0.16, 0.16),
      wobble: 0.07,
      random,
      steps: 22,
    });
    const lower = walk(
      { x: tie.x + fan * 34, y: tie.y },
      Math.PI - fan * 0.62 + random.between(-0.04, 0.04),
      random.between(200, 260),
      { steps: 6 },
    );
    return { upper, line: [...lower.toReversed(), ...upper.slice(1)], index };
  });
  const tone = shade(GREEN.sage, -0.05, 0.02);
  for (const { upper, line } of stems) {
    for (let pair = 0; pair < 4; pair += 1) {
      const { point, heading } = along(upper, mix(0.04, 0.34, pair / 3));
      for (const side of [-1, 1] as const) {
        marks.push(
          growLeaf(
            {
              base: point,
              heading: heading + side * random.between(0.35, 0.6),
              length: random.between(95, 150),
              width: 13,
              shape: profile(0.3, 0.6),
              bend: -side * random.between(0, 0.4),
              venation: 'midrib',
              colour: vary(tone, random),
              tip: GREEN.silver,
            },
            random,
          ),
        );
      }
    }
    marks.push(strand(line, 6.5, 4.4, shade(tone, 0.03)));
    const whorls = 9;
    for (let whorl = 0; whorl < whorls; whorl += 1) {
      const t = whorl === 0 ? 0.55 : mix(0.66, 0.99, (whorl - 1) / (whorls - 2));
      const { point, heading } = along(upper, t);
      const size = mix(46, 27, whorl / whorls) * (whorl === 0 ? 0.85 : 1);
      const ring = [-1, 1, -0.66, 0.66, -0.3, 0.3, 0].map((u) => ({ u, turn: u * 0.95 + random.between(-0.1, 0.1) }));
      for (const { u, turn } of ring) {
        const foot = aside(point, heading, u * size * 0.2);
        const calyx = growBody(
          {
            base: foot,
            heading: heading + turn,
            length: size,
            width: size * 0.36,
            shape: profile(0.5, 0.4),
            ribs: 1,
            colour: vary(shade(HUE.indigo, 0.08, -0.03), random),
            tip: vary(shade(HUE.violet, 0.02, -0.02), random),
            material: 'petal',
          },
          random,
        );
        marks.push(calyx);
        if (random.chance(0.6)) {
          const lip = tipOf(calyx.axis);
          for (const spread of [-0.7, 0, 0.7])
            marks.push(
              growPetal(
                {
                  base: step(lip.point, lip.heading, -3),
                  heading: lip.heading + spread,
                  length: size * random.between(0.36, 0.5),
                  width: size * 0.28,
                  shape: PETALS.round,
                  veinCount: 0,
                  samples: 6,
                  colour: vary(HUE.lilac, random),
                  tip: vary(shade(HUE.lilac, 0.06, -0.01, -10), random),
                },
                random,
              ),
            );
        }
      }
    }
  }
  // Raffia, wound round a few times and knotted.
  for (let wind = 0; wind < 7; wind += 1) {
    const y = tie.y + mix(-17, 17, wind / 6);
    marks.push(
      strand(
        walk({ x: tie.x - 37, y: y + random.between(-3, 3) }, Math.PI / 2 + random.between(-0.12, 0.12), 74, {
          steps: 5,
          bend: random.between(-0.2, 0.2),
        }),
        6,
        5,
        vary(HUE.straw, random),
      ),
    );
  }
  for (const [heading, length, bend] of [
    [2.2, 150, -1.2],
    [-2.4, 170, 1.1],
    [1.5, 96, 2.6],
    [-1.5, 100, -2.6],
  ] as const) {
    marks.push(
      strand(walk({ x: tie.x + 6, y: tie.y }, heading, length, { bend, steps: 12 }), 5, 3, vary(HUE.straw, random)),
    );
  }
  return marks;
};

/** A tendril: straight first, then wound up. */
function growTendril(base: Point, heading: number, length: number, side: 1 | -1, tone: Colour): Mark {
  const points = walk(base, heading, length, { bend: side * 0.4, steps: 8 });
  let here = tipOf(points).point;
  let way = heading + side * 0.4;
  let pace = length * 0.085;
  for (let index = 0; index < 42; index += 1) {
    way += side * (0.26 + index * 0.012);
    pace *= 0.962;
    here = step(here, way, pace);
    points.push(here);
  }
  return strand(points, 3, 1.3, tone);
}

function growSweetPeaFlower(
  base: Point,
  heading: number,
  size: number,
  dark: Colour,
  light: Colour,
  side: 1 | -1,
  random: Random,
): Mark[] {
  const marks: Mark[] = [];
  marks.push(
    growPetal(
      {
        base,
        heading: heading - 0.5,
        length: size,
        width: size * 1.15,
        shape: profile(0.55, 0.28),
        frill: 0.05,
        frillWaves: 3,
        tilt: 0.1,
        veinCount: 8,
        colour: shade(dark, -0.05),
        tip: dark,
      },
      random,
    ),
  );
  marks.push(
    growPetal(
      {
        base,
        heading: heading + 0.42,
        length: size,
        width: size * 1.15,
        shape: profile(0.55, 0.28),
        frill: 0.05,
        frillWaves: 3,
        tilt: -0.1,
        veinCount: 8,
        colour: shade(dark, -0.04),
        tip: shade(dark, 0.04),
      },
      random,
    ),
  );
  const front = step(base, heading, size * 0.05);
  marks.push(
    growPetal(
      {
        base: front,
        heading: heading - side * 0.55 + side * 0.9,
        length: size * 0.66,
        width: size * 0.56,
        shape: PETALS.round,
        frill: 0.05,
        veinCount: 5,
        bend: side * 0.5,
        colour: light,
        tip: shade(light, 0.05),
      },
      random,
    ),
  );
  marks.push(
    growPetal(
      {
        base: front,
        heading: heading - side * 0.5,
        length: size * 0.62,
        width: size * 0.54,
        shape: PETALS.round,
        frill: 0.05,
        veinCount: 5,
        bend: -side * 0.4,
        colour: shade(light, -0.03),
        tip: light,
      },
      random,
    ),
  );
  marks.push(
    growPetal(
      {
        base: front,
        heading: heading + side * 0.12,
        length: size * 0.4,
        width: size * 0.2,
        shape: PETALS.cup,
        bend: side * 0.7,
        veinCount: 2,
        colour: HUE.cream,
        tip: shade(light, 0.04),
      },
      random,
    ),
  );
  for (const turn of [-0.9, -0.3, 0.3, 0.9])
    marks.push(
      growLeaf(
        {
          base: step(base, heading, -size * 0.07),
          heading: heading + turn,
          length: size * 0.24,
          width: size * 0.1,
          shape: SHAPES.lanceolate,
          venation: 'none',
          samples: 8,
          colour: GREEN.leaf,
        },
        random,
      ),
    );
  return marks;
}

export const growSweetPea: GrowPlant = (random) => {
  const marks: Mark[] = [];
  const tone = shade(GREEN.leaf, 0.05, -0.02, 6);
  const main = walk({ x: 0, y: 0 }, -0.24, 1250, { bend: 0.4, wobble: 0.16, random, steps: 40 });
  const palettes = [
    [HUE.violet, HUE.lilac],
    [HUE.crimson, HUE.rose],
    [HUE.rose, HUE.pink],
    [HUE.indigo, shade(HUE.violet, 0.1)],
    [shade(HUE.pink, -0.03), HUE.cream],
  ] as const;
  const nodes = 9;
  const flowers: Mark[] = [];
  for (let node = 0; node < nodes; node += 1) {
    const t = mix(0.05, 0.95, node / (nodes - 1));
    const side = node % 2 === 0 ? -1 : 1;
    const { point, heading } = along(main, t);
    const reach = mix(1, 0.62, t);
    const stalk = walk(point, heading + side * 0.92, 92 * reach, { bend: side * 0.2, steps: 6 });
    const end = tipOf(stalk);
    marks.push(strand(stalk, 5, 4, shade(tone, 0.05)));
    for (const turn of [-0.66, 0.66])
      marks.push(
        growLeaf(
          {
            base: end.point,
            heading: end.heading + turn,
            length: 146 * reach,
            width: 58 * reach,
            shape: SHAPES.elliptic,
            margin: { kind: 'undulate', waves: 2, depth: 0.05 },
            bend: -turn * 0.4,
            tilt: random.between(-0.3, 0.3),
            venation: 'parallel',
            veinCount: 3,
            colour: vary(tone, random),
            tip: shade(tone, 0.05),
          },
          random,
        ),
      );
    marks.push(growTendril(end.point, end.heading, 120 * reach, side, shade(tone, 0.03)));
    if (random.chance(0.5))
      marks.push(
        growTendril(
          step(end.point, end.heading, 60),
          end.heading + side * 0.7,
          70 * reach,
          side === 1 ? -1 : 1,
          shade(tone, 0.03),
        ),
      );
    for (const turn of [-0.5, 0.4])
      marks.push(
        growLeaf(
          {
            base: point,
            heading: heading + side * 0.4 + turn,
            length: 44 * reach,
            width: 15,
            shape: SHAPES.lanceolate,
            venation: 'midrib',
            colour: tone,
          },
          random,
        ),
      );
    if (node >= 1 && node <= 7) {
      const spray = walk(point, heading + side * 0.5, 250 * reach, { bend: side * 0.3, steps: 10 });
      flowers.push(strand(spray, 5.5, 4, shade(tone, 0.02)));
      const count = node > 6 ? 2 : 3;
      for (let index = 0; index < count; index += 1) {
        const at1 = along(spray, mix(0.62, 1, index / (count - 1)));
        const lean = index % 2 === 0 ? side : -side;
        const foot = walk(at1.point, at1.heading + lean * 0.8, 24, { bend: lean * 0.7, steps: 4 });
        flowers.push(strand(foot, 3.4, 3, tone));
        const [dark, light] = palettes[node % palettes.length] ?? palettes[0];
        const tip = tipOf(foot);
        if (node === 7)
          flowers.push(
            growBody(
              {
                base: tip.point,
                heading: tip.heading + lean * 0.6,
                length: 52,
                width: 30,
                shape: profile(0.5, 0.6),
                colour: GREEN.moss,
                tip: dark,
                material: 'petal',
              },
              random,
            ),
          );
        else
          flowers.push(
            ...growSweetPeaFlower(
              tip.point,
              at1.heading + lean * 0.5,
              108 * mix(1, 0.8, t),
              vary(dark, random),
              vary(light, random),
              lean as 1 | -1,
              random,
            ),
          );
      }
    }
  }
  const winged = strand(main, 12, 5, tone);
  return [winged, ...marks, ...flowers];
};

/** A shield leaf: the stalk joins in the middle, and pale veins run from there to the rim. */
function growShield(
  centre: Point,
  radius: number,
  heading: number,
  share: number,
  tone: Colour,
  random: Random,
): Blade {
  const count = 18;
  const hub = step(centre, heading, radius * 0.12);
  const phase = random.between(0, 6);
  const rim = (turn: number): Point => {
    const wave = 1 + 0.035 * Math.sin(turn * 7 + phase) + 0.02 * Math.sin(turn * 3 + phase * 2);
    const flat = aside(
      step(centre, heading, Math.cos(turn) * radius * wave * share),
      heading,
      Math.sin(turn) * radius * wave,
    );
    return flat;
  };
  const half = (sign: 1 | -1): Point[] =>
    Array.from({ length: count + 1 }, (_, index) =>
      rim(Math.PI - sign * (index / count) * Math.PI + (sign < 0 ? 0 : 0)),
    );
  const right = half(1);
  const left = half(-1);
  const veins: Vein[] = [];
  for (let ray = 0; ray < 9; ray += 1) {
    const turn = (ray / 9) * Math.PI * 2 + 0.2;
    const edge = rim(turn);
    const line = [0, 0.33, 0.66, 0.93].map((t) => ({ x: mix(hub.x, edge.x, t), y: mix(hub.y, edge.y, t) }));
    veins.push({ order: 1, line });
    for (const side of [-1, 1] as const) {
      const target = rim(turn + side * 0.26);
      veins.push({
        order: 2,
        line: [at(line, 1), at(line, 2), target].map((p, index) =>
          index === 1
            ? { x: mix(p.x, target.x, 0.35), y: mix(p.y, target.y, 0.35) }
            : index === 2
              ? { x: mix(hub.x, p.x, 0.92), y: mix(hub.y, p.y, 0.92) }
              : p,
        ),
      });
    }
  }
  return {
    kind: 'blade',
    material: 'leaf',
    left,
    right,
    axis: walk(at(left, 0), heading, radius * 2 * share, { steps: count }),
    smooth: true,
    veins,
    colour: tone,
    tip: shade(tone, 0.05, 0.01),
    spread: 'fan',
  };
}

function growNasturtiumFlower(
  centre: Point,
  facing: number,
  size: number,
  tone: Colour,
  tip: Colour,
  random: Random,
): Mark[] {
  const marks: Mark[] = [];
  const spur = walk(centre, facing + Math.PI + 0.5, size * 0.9, { bend: 0.7, steps: 8 });
  marks.push(strand(spur, size * 0.14, size * 0.04, shade(tone, 0.02)));
  for (const turn of [-0.42, 0.42, -1.55, 1.55, Math.PI]) {
    const upper = Math.abs(turn) < 1;
    const petal = growPetal(
      {
        base: step(centre, facing + turn, size * (upper ? 0.03 : 0.08)),
        heading: facing + turn,
        length: size * (upper ? 0.86 : 0.96),
        width: size * 0.78,
        shape: upper ? PETALS.round : PETALS.spoon,
        frill: 0.055,
        frillWaves: 3,
        veinCount: 6,
        tilt: random.between(-0.15, 0.15),
        colour: vary(tone, random, 0.6),
        tip: vary(tip, random, 0.6),
      },
      random,
    );
    marks.push(petal);
    if (upper) {
      for (let mark = -3; mark <= 3; mark += 1)
        marks.push(
          strand(
            [0.06, 0.24, 0.42].map((t) => onBlade(petal, t, mark * 0.16)),
            3.4,
            1,
            HUE.wine,
            'petal',
          ),
        );
    } else {
      for (let hair = -4; hair <= 4; hair += 1) {
        const from = onBlade(petal, 0.3, hair * 0.2);
        marks.push(
          strand(
            walk(from, facing + turn + Math.PI + hair * 0.14, size * 0.12, { steps: 2 }),
            2.4,
            1.2,
            shade(tip, 0.03),
            'petal',
          ),
        );
      }
    }
  }
  marks.push(
    growBody(
      {
        base: step(centre, facing, -size * 0.08),
        heading: facing,
        length: size * 0.17,
        width: size * 0.15,
        colour: shade(HUE.wine, 0.03),
        material: 'petal',
      },
      random,
    ),
  );
  marks.push(
    dots(
      Array.from({ length: 7 }, () => ({
        ...step(centre, random.between(0, 6.28), size * random.between(0.02, 0.1)),
        radius: size * 0.02,
      })),
      HUE.butter,
    ),
  );
  return marks;
}

export const growNasturtium: GrowPlant = (random) => {
  const back: Mark[] = [];
  const front: Mark[] = [];
  const tone = shade(GREEN.fresh, -0.08, -0.01, 8);
  const main = walk({ x: 0, y: 0 }, 1.15, 1250, { bend: 0.7, wobble: 0.5, random, steps: 50 });
  back.push(strand(main, 13, 6, shade(tone, 0.08, -0.02, -14)));
  const hues = [
    [HUE.orange, HUE.amber],
    [HUE.scarlet, HUE.coral],
    [HUE.yellow, HUE.butter],
    [shade(HUE.crimson, -0.02), HUE.scarlet],
    [HUE.amber, HUE.yellow],
  ] as const;
  const nodes = 13;
  for (let node = 0; node < nodes; node += 1) {
    const t = mix(0.03, 1, node / (nodes - 1));
    const side = node % 2 === 0 ? -1 : 1;
    const { point, heading } = along(main, t);
    const length = mix(300, 150, t) * random.between(0.75, 1.2);
    const stalk = walk(point, heading + side * random.between(0.9, 1.3), length, {
      bend: -side * random.between(0.2, 0.7),
      steps: 10,
    });
    const end = tipOf(stalk);
    const size = mix(150, 70, t ** 1.4) * random.between(0.86, 1.1);
    back.push(strand(stalk, 6, 5, shade(tone, 0.09)));
    back.push(
      growShield(
        end.point,
        size,
        end.heading + random.between(-0.5, 0.5),
        random.between(0.74, 0.98),
        vary(tone, random, 0.9),
        random,
      ),
    );
    if (node % 2 === 1 || node === 4) {
      const way = heading - side * random.between(0.8, 1.2);
      const spray = walk(point, way, mix(330, 200, t), { bend: side * 0.5, steps: 10 });
      const top = tipOf(spray);
      front.push(strand(spray, 5, 4.4, shade(tone, 0.09)));
      const [dark, light] = hues[Math.floor(node / 2) % hues.length] ?? hues[0];
      if (node === 11)
        front.push(
          growBody(
            {
              base: top.point,
              heading: top.heading,
              length: 62,
              width: 36,
              shape: profile(0.5, 0.6),
              ribs: 3,
              colour: GREEN.lime,
              tip: dark,
              material: 'petal',
            },
            random,
          ),
          strand(walk(top.point, top.heading + 2.4, 54, { bend: 0.5, steps: 6 }), 7, 2, GREEN.lime),
        );
      else
        front.push(...growNasturtiumFlower(top.point, top.heading + side * 0.3, mix(132, 92, t), dark, light, random));
    }
  }
  return [...back, ...front];
};
