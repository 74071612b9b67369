import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkAddresses } from '../src/check-addresses.ts';

describe('where the service listens', () => {
  const other = createServer();
  let taken: number;
  beforeEach(async () => {
    other.listen(0, '127.0.0.1');
    await once(other, 'listening');
    taken = (other.address() as AddressInfo).port;
  });
  // It may be closed already, which is no error here.
  afterEach(() => new Promise((resolve) => other.close(resolve)));

  const check = (env: object) => checkAddresses({ HOST: '127.0.0.1', PORT: 0, EDGE_PORT: 0, ...env });

  it('is free again after the check', async () => {
    await expect(check({})).resolves.toBeUndefined();
    await new Promise((resolve) => other.close(resolve));
    await check({ PORT: taken });
    await expect(check({ PORT: taken })).resolves.toBeUndefined();
  });

  it('must not be taken', async () => {
    await expect(check({ PORT: taken })).rejects.toThrow(`PORT: ${taken} on 127.0.0.1 is taken`);
    await expect(check({ EDGE_PORT: taken })).rejects.toThrow(`EDGE_PORT: ${taken} on 127.0.0.1 is taken`);
  });

  it('is not the same for graph and edge', async () => {
    await new Promise((resolve) => other.close(resolve));
    await expect(check({ PORT: taken, EDGE_PORT: taken })).rejects.toThrow(`EDGE_PORT: ${taken}`);
  });

  it('is an address of this machine', async () => {
    // From the range for documentation: nobody has it.
    await expect(check({ HOST: '192.0.2.1' })).rejects.toThrow(
      'HOST: 192.0.2.1 is no address of this machine',
    );
  });
});
