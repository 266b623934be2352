import { Server } from '@grpc/grpc-js';
import { describe, expect, it, jest } from '@jest/globals';
import { addGrpcHealth } from '../../../lib/grpc-health/index.js';

describe('addGrpcHealth', () => {
  it('leaves a server alone that has the health service of another copy of the package', async () => {
    const server = new Server();
    addGrpcHealth({}, server);
    jest.resetModules();
    const copy = await import('../../../lib/grpc-health/index.js');
    expect(copy.addGrpcHealth).not.toBe(addGrpcHealth);
    const addService = jest.spyOn(server, 'addService');
    expect(() => copy.addGrpcHealth({}, server)).not.toThrow();
    expect(addService).not.toHaveBeenCalled();
  });
});
