export { addGrpcHealth, withGrpcHealth } from './grpc-health.js';
