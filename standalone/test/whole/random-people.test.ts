import { randomPeopleSuite } from './random-people-suite.ts';

randomPeopleSuite();
