import { UserError } from '../terminal/user-error.ts';
import { PORTS, type PortName } from './config.ts';

export type Ports = Readonly<Record<PortName, number>>;

export interface PortPlan {
  readonly ports: Ports;
  /** For the person: each port that is not the default, and who holds that. */
  readonly notes: readonly string[];
}

/** How many ports above a taken default are tried. */
const TRIES_MAX = 100;

/**
 * Chooses the ports. A default that is taken gives way to the next free one; a port that a person has set is an error
 * when it is taken, since something else counts on it.
 *
 * @param isFree asked about each port once
 * @param describeHolder who listens there, as a part of a sentence
 * @throws UserError naming the variable, the port and its holder
 */
export async function planPorts(
  configured: Readonly<Record<PortName, number | undefined>>,
  isFree: (port: number, name: PortName) => Promise<boolean>,
  describeHolder: (port: number) => Promise<string>,
): Promise<PortPlan> {
  const names = Object.keys(PORTS) as PortName[];
  const chosen = new Map<PortName, number>();
  const notes: string[] = [];
  for (const name of names) {
    const port = configured[name];
    if (port === undefined) continue;
    const twin = [...chosen].find(([, other]) => other === port)?.[0];
    if (twin !== undefined) {
      throw new UserError(`${PORTS[name].variable} and ${PORTS[twin].variable} are both ${String(port)}.`);
    }
    if (!(await isFree(port, name))) {
      throw new UserError(
        `Port ${String(port)} (${PORTS[name].variable}) cannot be used: ${await describeHolder(port)} has it. ` +
          `End that, or set ${PORTS[name].variable} to another port.`,
      );
    }
    chosen.set(name, port);
  }
  for (const name of names) {
    if (chosen.has(name)) continue;
    const { fallback, variable } = PORTS[name];
    const isOurs = (port: number): boolean => [...chosen.values()].includes(port) || isOtherDefault(name, port);
    const port = await firstFree(fallback, (candidate) => isFree(candidate, name), isOurs);
    if (port === undefined) {
      throw new UserError(`No port from ${String(fallback)} on is free; set ${variable} to one that is.`);
    }
    chosen.set(name, port);
    if (port !== fallback) {
      const holder = [...chosen.values()].includes(fallback) ? 'this start' : await describeHolder(fallback);
      notes.push(`Port ${String(fallback)} is taken by ${holder}; ${String(port)} is used instead (${variable}).`);
    }
  }
  return { ports: Object.fromEntries(chosen) as Ports, notes };
}

/** The default of one program must not become the substitute of another. */
function isOtherDefault(name: PortName, port: number): boolean {
  return Object.entries(PORTS).some(([other, { fallback }]) => other !== name && fallback === port);
}

async function firstFree(
  from: number,
  isFree: (port: number) => Promise<boolean>,
  isOurs: (port: number) => boolean,
): Promise<number | undefined> {
  for (let port = from; port < from + TRIES_MAX; port += 1) {
    if (!isOurs(port) && (await isFree(port))) return port;
  }
  return undefined;
}
