import { shade } from './colour.ts';
import type { GrowPlant } from './plants/grow.ts';
import { growHorsetail, growLadyFern, growMaidenhair, growMaleFern, growSwordFern } from './plants/ferns.ts';
import { growArtichoke, growConeflower, growDahlia, growHouseleeks, growSunflower } from './plants/composites.ts';
import { growAllium, growFritillary, growIris, growOrchid, growSnowdrop, growTulip } from './plants/bulbs.ts';
import { growFoxglove, growLavender, growNasturtium, growSweetPea } from './plants/spikes.ts';
import { growChilli, growCitrus, growRootCrops } from './plants/kitchen.ts';
import { growBeanGrid, growSamaras, growSeedStudy } from './plants/seeds.ts';
import { growQuakingGrass, growWheat } from './plants/grasses.ts';
import { growOarweed, growRedWeed, growSeaBeech } from './plants/algae.ts';
import { growMoss, growMushrooms } from './plants/woodland.ts';
import { HUE } from './plants/palette.ts';
import {
  growAnemone,
  growCornPoppy,
  growCosmos,
  growIcelandPoppy,
  growOpenFlower,
  growOpiumPoppy,
} from './plants/poppies.ts';
import {
  growAppleBlossom,
  growBeech,
  growEucalyptus,
  growGinkgo,
  growHolly,
  growIvy,
  growJapaneseMaple,
  growOak,
  growOlive,
  growPine,
  growWillow,
} from './plants/twigs.ts';
import { growAngelica, growFennel, growWildCarrot } from './plants/umbels.ts';
import { PETALS } from './petal.ts';

/** Every plant that can be drawn, by name. */
export const PLANTS = {
  'male-fern': growMaleFern,
  'lady-fern': growLadyFern,
  'sword-fern': growSwordFern,
  maidenhair: growMaidenhair,
  horsetail: growHorsetail,
  'corn-poppy': growCornPoppy,
  'iceland-poppy': growIcelandPoppy,
  'opium-poppy': growOpiumPoppy,
  anemone: growAnemone,
  cosmos: growCosmos,
  'wild-carrot': growWildCarrot,
  fennel: growFennel,
  angelica: growAngelica,
  oak: growOak,
  beech: growBeech,
  olive: growOlive,
  willow: growWillow,
  eucalyptus: growEucalyptus,
  holly: growHolly,
  ivy: growIvy,
  'japanese-maple': growJapaneseMaple,
  ginkgo: growGinkgo,
  pine: growPine,
  'apple-blossom': (random) =>
    growAppleBlossom((centre, radius) =>
      growOpenFlower(
        {
          centre,
          radius,
          petals: 5,
          rings: 1,
          width: 0.86,
          shape: PETALS.round,
          frill: 0.03,
          colour: HUE.pink,
          tip: shade(HUE.white, 0, 0.01, -80),
          eye: HUE.butter,
          eyeSize: 0.1,
          stamen: HUE.amber,
          stamens: 18,
        },
        random,
      ),
    )(random),
  sunflower: growSunflower,
  'sweet-pea': growSweetPea,
  tulip: growTulip,
  iris: growIris,
  fritillary: growFritillary,
  allium: growAllium,
  lavender: growLavender,
  foxglove: growFoxglove,
  nasturtium: growNasturtium,
  roots: growRootCrops,
  chilli: growChilli,
  citrus: growCitrus,
  'bean-grid': growBeanGrid,
  'seed-study': growSeedStudy,
  dahlia: growDahlia,
  snowdrop: growSnowdrop,
  wheat: growWheat,
  artichoke: growArtichoke,
  coneflower: growConeflower,
  houseleeks: growHouseleeks,
  'sea-beech': growSeaBeech,
  'red-weed': growRedWeed,
  oarweed: growOarweed,
  mushrooms: growMushrooms,
  moss: growMoss,
  'quaking-grass': growQuakingGrass,
  orchid: growOrchid,
  samaras: growSamaras,
} as const satisfies Record<string, GrowPlant>;

export type PlantName = keyof typeof PLANTS;
