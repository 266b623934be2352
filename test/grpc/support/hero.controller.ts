import type { ServerDuplexStream } from '@grpc/grpc-js';
import { Controller } from '@nestjs/common';
import { GrpcMethod, GrpcStreamCall, GrpcStreamMethod } from '@nestjs/microservices';
import { map, of, reduce, type Observable } from 'rxjs';

interface Hero {
  heroId: number;
  fullName?: string;
}

/** Has a handler of each streaming kind for hero.v1.HeroService, and none for `Retire`. */
@Controller()
export class HeroController {
  @GrpcMethod('HeroService', 'FindOne')
  findOne({ heroId }: Hero): Hero {
    return { heroId, fullName: `hero ${heroId}` };
  }

  @GrpcMethod('HeroService')
  findMany({ heroId }: Hero): Observable<Hero> {
    return of({ heroId }, { heroId: heroId + 1 });
  }

  @GrpcStreamMethod('HeroService')
  collect(heroes: Observable<Hero>): Observable<Hero> {
    return heroes.pipe(
      reduce((sum, { heroId }) => sum + heroId, 0),
      map((heroId) => ({ heroId })),
    );
  }

  @GrpcStreamCall('HeroService')
  chat(call: ServerDuplexStream<Hero, Hero>): void {
    call.on('data', (hero: Hero) => call.write(hero)).on('end', () => call.end());
  }
}
