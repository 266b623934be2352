import { Controller } from '@nestjs/common';
import { GrpcMethod } from '@nestjs/microservices';

const TITLES = ['Pride and Prejudice', 'Persuasion', 'Emma'];

@Controller()
export class SearchController {
  @GrpcMethod('SearchService', 'Find')
  find({ text }: { text: string }) {
    return { titles: TITLES.filter((title) => title.toLowerCase().includes(text.toLowerCase())) };
  }
}
