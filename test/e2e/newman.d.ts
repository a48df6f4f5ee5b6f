/** The used part of newman, which has no types. */
declare module "newman" {
  interface Run {
    stats: { requests: { total: number }; assertions: { total: number; failed: number } };
    executions: { response?: { code: number } }[];
    failures: { error: { message: string }; source?: { name?: string } }[];
  }
  function run(options: object, done: (error: Error | null, summary: { run: Run }) => void): void;
  const newman: { run: typeof run };

  export { type Run };
  export default newman;
}
