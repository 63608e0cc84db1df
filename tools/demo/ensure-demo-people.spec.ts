import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { ensureDemoPeople } from './ensure-demo-people.ts';

describe('making the people of the demo', () => {
  let server: Server;
  afterEach(async () => {
    server.close();
    await once(server, 'close');
  });

  /** Answers with one status after the other. @returns where it listens, and what it has answered */
  async function answering(...statuses: number[]): Promise<{ apiUrl: string; answered: number[] }> {
    const answered: number[] = [];
    server = createServer((_request, response) => {
      const status = statuses[answered.length] ?? 500;
      answered.push(status);
      response.writeHead(status, { connection: 'close' }).end('{}');
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return { apiUrl: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`, answered };
  }

  it('asks again while the api has more to do than it can', async () => {
    const { apiUrl, answered } = await answering(503, 200);
    await ensureDemoPeople({ apiUrl, serviceKey: 'key' });
    expect(answered).toEqual([503, 200]);
  });

  it('leaves it to the workflow to say that other workspaces are there', async () => {
    const { apiUrl, answered } = await answering(409);
    await ensureDemoPeople({ apiUrl, serviceKey: 'key' });
    expect(answered).toEqual([409]);
  });

  it('says what the api answered where that is a fault', async () => {
    const { apiUrl } = await answering(401);
    await expect(ensureDemoPeople({ apiUrl, serviceKey: 'key' })).rejects.toThrow('the api answered 401');
  });
});
