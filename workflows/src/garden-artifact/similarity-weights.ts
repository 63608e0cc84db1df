/* The numbers of SSIMULACRA 2.1 that count for anything; see `similarity.ts`. */

/** Weights of a map's mean and of its fourth-power mean, for structure, artefacts and lost detail. */
export type Weights = readonly (readonly [mean: number, high: number])[];

/** By size, the largest first, then by channel: X (red against green), Y (light), B (blue). Null where nothing counts. */
export const WEIGHTS: readonly (readonly (Weights | null)[])[] = [
  [
    null,
    [
      [0, 7.4668903],
      [0, 0],
      [0, 17.445834],
    ],
    null,
  ],
  [
    [
      [0, 1.1041726],
      [0, 0],
      [0, 0],
    ],
    [
      [0, 6.6836781],
      [0, 0],
      [0, 1.0278899],
    ],
    null,
  ],
  [
    [
      [0, 1.8422456],
      [0, 11.4411726],
      [0, 0],
    ],
    [
      [225.205153, 19.2132382],
      [0, 0],
      [0, 0],
    ],
    null,
  ],
  [
    [
      [0, 1.8787595],
      [0, 10.9490699],
      [0, 0],
    ],
    [
      [176.393176, 24.43301],
      [0, 0.285208],
      [0, 0],
    ],
    [
      [0, 8.8269828],
      [0, 23.1924334],
      [0, 0],
    ],
  ],
  [
    [
      [0, 0],
      [0.9677937, 0.9981767],
      [0, 0],
    ],
    [
      [0, 34.7790634],
      [0, 44.8356253],
      [0, 0],
    ],
    [
      [95.1080499, 0],
      [0.9863978, 171.2667256],
      [0.9834383, 0.9807859],
    ],
  ],
];
