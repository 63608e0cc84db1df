import { colour, type Colour } from '../colour.ts';

/** Colours of living plants; the technique dries, deepens or bleaches them. */
export const GREEN = {
  moss: colour(0.55, 0.09, 122),
  leaf: colour(0.53, 0.095, 136),
  deep: colour(0.42, 0.08, 145),
  fresh: colour(0.66, 0.125, 126),
  sage: colour(0.64, 0.045, 145),
  blue: colour(0.56, 0.05, 172),
  olive: colour(0.54, 0.075, 112),
  lime: colour(0.75, 0.13, 120),
  silver: colour(0.74, 0.025, 150),
} as const satisfies Record<string, Colour>;

export const HUE = {
  white: colour(0.95, 0.012, 95),
  cream: colour(0.92, 0.04, 95),
  butter: colour(0.88, 0.1, 95),
  yellow: colour(0.84, 0.155, 90),
  amber: colour(0.76, 0.155, 72),
  orange: colour(0.7, 0.175, 52),
  coral: colour(0.68, 0.16, 30),
  scarlet: colour(0.59, 0.205, 29),
  crimson: colour(0.48, 0.175, 20),
  wine: colour(0.36, 0.11, 10),
  rose: colour(0.72, 0.125, 5),
  pink: colour(0.83, 0.075, 5),
  magenta: colour(0.58, 0.185, 350),
  mauve: colour(0.66, 0.1, 320),
  violet: colour(0.5, 0.15, 300),
  lilac: colour(0.74, 0.085, 300),
  indigo: colour(0.4, 0.13, 282),
  blue: colour(0.57, 0.135, 262),
  sky: colour(0.74, 0.085, 250),
  straw: colour(0.8, 0.085, 88),
  tan: colour(0.68, 0.075, 70),
  chestnut: colour(0.46, 0.085, 48),
  bark: colour(0.4, 0.04, 60),
  umber: colour(0.32, 0.045, 55),
  black: colour(0.24, 0.015, 60),
  bone: colour(0.88, 0.03, 80),
} as const satisfies Record<string, Colour>;
