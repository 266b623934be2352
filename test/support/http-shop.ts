import {
  All,
  Controller,
  type DynamicModule,
  Get,
  Head,
  Header,
  type INestApplication,
  Module,
  Options,
  Param,
  Patch,
  Post,
  Scope,
  Sse,
  type Type,
  Version,
  VERSION_NEUTRAL,
} from '@nestjs/common';
import { type AbstractHttpAdapter, NestFactory, RouterModule } from '@nestjs/core';
import { firstValueFrom, of, Subject } from 'rxjs';
import { SidecarIgnore } from '../../lib/index.js';
import { LogBook } from './greeter-app.js';

/** `GET /books/hold` is answered only when a `POST /books/release` has come. */
@Controller('books')
export class BooksController {
  readonly #released = new Subject<void>();

  @Get()
  list() {
    return [];
  }

  @Get(':isbn')
  async find(@Param('isbn') isbn: string) {
    if (isbn === 'hold') await firstValueFrom(this.#released);
    return { isbn };
  }

  @Post('release')
  release() {
    this.#released.next();
  }

  @Patch([':isbn/title', ':isbn/author'])
  change() {}

  @Sse('events')
  events() {
    return of({ data: 'none' });
  }

  @SidecarIgnore()
  @Get('debug')
  debug() {
    return 'nothing';
  }
}

@Controller({ path: ['carts', 'baskets'], scope: Scope.REQUEST })
export class CartsController {
  @All(':id')
  any() {
    return 'any';
  }

  @Head(':id/lines')
  head() {}

  @Options(':id/lines')
  @Header('allow', 'GET')
  options() {}
}

@Controller({ path: 'orders', version: ['1', '2'], host: 'shop.example' })
export class OrdersController {
  @Get(':id')
  find() {}

  @Version('3')
  @Get(':id/lines')
  lines() {}

  @Version(VERSION_NEUTRAL)
  @Get('schema')
  schema() {}
}

@SidecarIgnore()
@Controller('health')
export class HealthController {
  @Get()
  check() {
    return 'ok';
  }

  @SidecarIgnore(false)
  @Get('version')
  version() {
    return 'v1';
  }
}

abstract class Reports {
  @Get('daily')
  daily() {
    return 'daily';
  }
}

@Controller('reports')
export class ReportsController extends Reports {
  @Get('files/*')
  file() {
    return 'file';
  }
}

@Module({ controllers: [ReportsController] })
class AdminModule {}

@Module({
  imports: [AdminModule, RouterModule.register([{ path: 'admin', module: AdminModule }])],
  controllers: [BooksController, CartsController, OrdersController, HealthController],
})
class ShopModule {}

/** An HTTP application, made and not yet listening. */
export async function createShop(
  imports: DynamicModule[],
  adapter: AbstractHttpAdapter,
  shop: Type = ShopModule,
): Promise<{ app: INestApplication; logs: LogBook }> {
  @Module({ imports: [shop, ...imports] })
  class AppModule {}

  const logs = new LogBook();
  const app = await NestFactory.create(AppModule, adapter, { logger: logs, abortOnError: false });
  return { app, logs };
}
