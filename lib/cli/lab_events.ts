/**
 * What is reported of experiments.
 * @module
 */

/** A run of an experiment ended; times in seconds. */
export interface LabRunEvent {
  readonly event: "run";
  readonly run: string;
  /** The how manieth of all runs it is. */
  readonly done: number;
  readonly total: number;
  /** When the last peer ended. */
  readonly seconds: number;
  /** What the model says of that. */
  readonly predicted?: number;
}

/** How an experiment went: when the last peer ended, in seconds. */
export interface LabExperimentEvent {
  readonly event: "experiment";
  readonly experiment: string;
  readonly repeats: number;
  readonly measured: number;
  /** Half the width of the 95 % confidence interval. */
  readonly interval?: number;
  readonly predicted?: number;
  readonly ratio?: number;
}

/** A file was written. */
export interface WrittenEvent {
  readonly event: "written";
  readonly path: string;
}

/** Anything that is reported of experiments. */
export type LabEvent = LabRunEvent | LabExperimentEvent | WrittenEvent;

/** An event as a line for people. */
export function labText(event: LabEvent): string {
  switch (event.event) {
    case "run": {
      const { done, total, run, seconds, predicted } = event;
      const model = predicted === undefined ? "" : `, model ${predicted.toFixed(2)} s`;
      return `run ${done} of ${total}, ${run}: ${seconds.toFixed(2)} s${model}`;
    }
    case "experiment": {
      const { experiment, repeats, measured, interval, predicted, ratio } = event;
      const spread = interval === undefined ? "" : ` ± ${interval.toFixed(2)}`;
      const model = predicted === undefined || ratio === undefined
        ? ""
        : `, model ${predicted.toFixed(2)} s, ratio ${ratio.toFixed(3)}`;
      const runs = repeats === 1 ? "1 run" : `${repeats} runs`;
      return `${experiment}: ${measured.toFixed(2)}${spread} s in ${runs}${model}`;
    }
    case "written":
      return `wrote ${event.path}`;
  }
}
