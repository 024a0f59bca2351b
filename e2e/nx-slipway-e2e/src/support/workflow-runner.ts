import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { run } from './run';
import { act, type ActionStep, type WorkflowEvent } from './workflow-actions';
import { evaluated, expanded, type Contexts } from './workflow-expression';
import { WorkflowMachine } from './workflow-machine';

interface Step extends ActionStep {
  readonly name?: string;
  readonly run?: string;
  readonly if?: string;
  readonly env?: Record<string, string>;
}

interface Job {
  readonly if?: string;
  readonly environment?: string;
  readonly env?: Record<string, string>;
  readonly steps: readonly Step[];
}

interface Workflow {
  readonly name: string;
  readonly env?: Record<string, string>;
  readonly jobs: Record<string, Job>;
}

type Texts = Readonly<Record<string, string>>;

export interface WorkflowSetting {
  /** The workflow file. */
  readonly file: string;
  /** The repository that it is of. */
  readonly origin: string;
  readonly vars: Texts;
  /** Of the repository: every run gets them, but for a fork's. */
  readonly secrets: Texts;
  /** More of them, for jobs of an environment. */
  readonly environments: Readonly<Record<string, Texts>>;
  /** What the machine has. */
  readonly env: Texts;
}

export interface WorkflowRun {
  readonly success: boolean;
  /** The jobs that ran. */
  readonly jobs: readonly string[];
  /** Of each step that has one, by its name. */
  readonly outputs: Texts;
  /** What stands on the page of the run. */
  readonly summary: string;
}

const REPOSITORY = 'acme/shop';

/**
 * Runs the jobs of a workflow of GitHub Actions as one of its runners does: each
 * in a clone and a home of its own, each step by bash; actions are simulated.
 */
export class WorkflowRunner {
  private lastSuccess?: string;

  private constructor(
    private readonly workflow: Workflow,
    private readonly setting: WorkflowSetting,
    /** What `npm ci` installed, by the first run. */
    private readonly modules: string,
  ) {}

  static async create(setting: WorkflowSetting): Promise<WorkflowRunner> {
    const workflow = parse(await readFile(setting.file, 'utf8')) as Workflow;
    const folder = await mkdtemp(join(tmpdir(), 'slipway-modules-'));
    return new WorkflowRunner(workflow, setting, folder);
  }

  /** The jobs one after the other. */
  async run(event: WorkflowEvent): Promise<WorkflowRun> {
    const { jobs } = this.workflow;
    const ran: string[] = [];
    const outputs: Record<string, string> = {};
    let success = true;
    let summary = '';
    for (const [name, job] of Object.entries(jobs)) {
      const contexts = this.contexts(event, job.environment);
      if (evaluated(job.if ?? "'true'", contexts) === 'false') continue;
      ran.push(name);
      const machine = await WorkflowMachine.create();
      try {
        success &&= await this.runJob(job, event, contexts, machine, outputs);
        summary += await machine.summary();
      } finally {
        await machine.remove();
      }
    }
    if (success && event.name === 'push') this.lastSuccess = event.sha;
    return { success, jobs: ran, outputs, summary };
  }

  async remove(): Promise<void> {
    await rm(this.modules, { recursive: true, force: true });
  }

  private contexts(event: WorkflowEvent, environment?: string): Contexts {
    const { vars, secrets, environments } = this.setting;
    const { name, isFork = false } = event;
    const full_name = isFork ? 'somebody/shop' : REPOSITORY;
    return {
      // A fork gets neither.
      vars: isFork ? {} : vars,
      secrets: isFork
        ? {}
        : { ...secrets, ...(environment && environments[environment]) },
      github: {
        event_name: name,
        repository: REPOSITORY,
        event: { pull_request: { head: { repo: { full_name } } } },
      },
    };
  }

  /** @returns whether it ended well */
  private async runJob(
    job: Job,
    event: WorkflowEvent,
    contexts: Contexts,
    machine: WorkflowMachine,
    outputs: Record<string, string>,
  ): Promise<boolean> {
    const expand = (env: Texts = {}) =>
      Object.fromEntries(
        Object.entries(env).map(([key, text]) => [
          key,
          expanded(text, contexts),
        ]),
      );
    for (const step of job.steps) {
      if (evaluated(step.if ?? "'true'", contexts) === 'false') continue;
      if (step.run === undefined) {
        const { setting, lastSuccess } = this;
        await act(
          step,
          { origin: setting.origin, event, lastSuccess },
          machine,
        );
        continue;
      }
      if (step.run === 'npm ci' && (await this.installed(machine))) continue;
      const ran = await machine.bash(expanded(step.run, contexts), {
        ...this.setting.env,
        ...expand(this.workflow.env),
        ...expand(job.env),
        ...expand(step.env),
      });
      outputs[step.name ?? step.run] = ran.output;
      if (ran.exitCode !== 0) return false;
      if (step.run === 'npm ci') await this.keep(machine);
    }
    return true;
  }

  /** It takes ten seconds: done in earnest once, and taken over where nothing changed. */
  private async installed({ root }: WorkflowMachine): Promise<boolean> {
    if (!existsSync(join(this.modules, 'node_modules'))) return false;
    await run('cp', ['-al', join(this.modules, 'node_modules'), root]);
    return true;
  }

  private async keep({ root }: WorkflowMachine): Promise<void> {
    await run('cp', ['-al', join(root, 'node_modules'), this.modules]);
  }
}
