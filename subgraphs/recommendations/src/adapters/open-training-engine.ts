import type { TrainingEngine } from '../domain/training-engine.ts';
import { createEmbeddedEngine } from './embedded-engine.ts';
import { createSparkEngine } from './spark-engine.ts';
import type { SparkOptions } from './spark-session.ts';

/**
 * The engine of a name.
 * @param spark how to start Spark; without `submit` there is none
 * @throws RangeError when there is no Spark to run
 */
export function openTrainingEngine(name: 'embedded' | 'spark', spark: Partial<SparkOptions>): TrainingEngine {
  if (name === 'embedded') return createEmbeddedEngine();
  const { submit, master = 'local[*]', driverMemory = '2g', ...others } = spark;
  if (!submit) throw new RangeError('SPARK_SUBMIT must name the program spark-submit, for the engine spark');
  return createSparkEngine({ submit, master, driverMemory, ...others });
}
