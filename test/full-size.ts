/**
 * Whether loops over random values run at their full size, as `npm run test:full` has it. The gate runs a share of them,
 * with other values each time.
 */
export const isFullSize = import.meta.env.TEST_SIZE === "full";
