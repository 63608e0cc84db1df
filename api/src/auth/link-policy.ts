/*
 * How many mails somebody may have sent to an address: few from one address block, and more in all, so that nobody's inbox
 * is filled and a stranger who asks again and again does not keep the person from getting theirs.
 */

export const LINKS_PER_HOUR_FROM_BLOCK = 5;
export const LINKS_PER_HOUR = 20;

export function mayAskForLink(recent: { all: number; fromBlock: number }): boolean {
  return recent.fromBlock < LINKS_PER_HOUR_FROM_BLOCK && recent.all < LINKS_PER_HOUR;
}
