import * as z from "zod";
import type { Application } from "../../db/transfers/applications";
import { exactNumber } from "../../domain/exact-number";
import { formatTransferAmount } from "../../domain/transfers/transfer-amount";
import { forDescription } from "../described";

/** An application as the operator sees it: with its rights, and without its secrets. */
export const admittedApplication = forDescription(() =>
  z
    .strictObject({
      id: z.string(),
      name: z.string(),
      appHandle: z.string(),
      active: z.boolean(),
      admin: z.boolean(),
      debitLimit: z.number().nullable().meta({ description: "How far below zero each wallet may go; null: no limit." }),
      createdAt: z.iso.datetime(),
      updatedAt: z.iso.datetime(),
    })
    .meta({ id: "AdmittedApplication" }),
);

export function toAdmittedApplication(application: Application) {
  const { id, name, appHandle, active, admin, debitLimit, createdAt, updatedAt } = application;
  return {
    id,
    name,
    appHandle,
    active,
    admin,
    debitLimit: debitLimit === null ? null : exactNumber(formatTransferAmount(debitLimit)),
    createdAt: new Date(createdAt).toISOString(),
    updatedAt: new Date(updatedAt).toISOString(),
  };
}
