import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { chooseFreePort, isPortFree } from './free-port.ts';
import { describeHolder, findPortHolder, parseListeners, parseLsof } from './port-holder.ts';

const TABLE = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 41001 1 0000 100 0 0 10 0
   1: 0100007F:1F90 0100007F:C350 01 00000000:00000000 00:00000000 00000000     0        0 41002 1 0000 20 4 30 10 -1
   2: 00000000:0050 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 41003 1 0000 100 0 0 10 0
`;

describe('parseListeners', () => {
  it('finds who listens on the port, and not who is connected by it', () => {
    expect(parseListeners(TABLE, 8080)).toEqual(['41001']);
  });

  it('pads a small port as the kernel does', () => {
    expect(parseListeners(TABLE, 80)).toEqual(['41003']);
  });

  it('finds nobody on a port that is free, or in an empty table', () => {
    expect(parseListeners(TABLE, 8081)).toEqual([]);
    expect(parseListeners('', 8080)).toEqual([]);
  });
});

describe('parseLsof', () => {
  it('reads pid and command', () => {
    expect(parseLsof('p4711\ncnginx\nf6\n')).toEqual({ pid: 4711, command: 'nginx' });
  });

  it('gives nothing when lsof says nothing', () => {
    expect(parseLsof('')).toBeUndefined();
  });
});

describe('a port', () => {
  it('is free until something listens, whose process can then be named', async () => {
    const port = await chooseFreePort();
    expect(await isPortFree(port, '127.0.0.1')).toBe(true);
    const server = createServer();
    await new Promise<void>((resolve) => {
      server.listen(port, '127.0.0.1', resolve);
    });
    expect((server.address() as AddressInfo).port).toBe(port);
    expect(await isPortFree(port, '127.0.0.1')).toBe(false);
    expect((await findPortHolder(port))?.pid).toBe(process.pid);
    await new Promise((resolve) => server.close(resolve));
    expect(await findPortHolder(port)).toBeUndefined();
  });

  it('is held by somebody even when that process is not ours to see', () => {
    expect(describeHolder(undefined)).toBe('a process of another user');
    expect(describeHolder({ pid: 7, command: 'nginx' })).toBe('process 7 (nginx)');
  });
});
