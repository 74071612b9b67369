export { createFindByIds, type FindByIds } from './find-by-ids.ts';
export {
  createServiceCaller,
  type Question,
  type QuestionTime,
  ServiceCallError,
  type ServiceCaller,
} from './service-caller.ts';
