import type { GrpcOptions } from '@nestjs/microservices';
import { expectTypeOf } from 'expect-type';
import { addGrpcHealth, withGrpcHealth } from '../../lib/grpc-health/index.js';

const options: GrpcOptions['options'] = { package: 'a.v1', onLoadPackageDefinition: addGrpcHealth };

expectTypeOf(withGrpcHealth(options)).toEqualTypeOf<GrpcOptions['options']>();
expectTypeOf(withGrpcHealth({ package: 'a.v1', url: 'x' })).toEqualTypeOf<{ package: string; url: string }>();
// @ts-expect-error options have a package
withGrpcHealth({ url: '127.0.0.1:0' });
// @ts-expect-error the server is the second argument
addGrpcHealth({});
