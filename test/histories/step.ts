import * as fc from "fast-check";
import { type OffersAction, type OffersSetting, offersActions, offersCalls, offersSetting } from "./offers-steps";
import {
  type OpeningOrder,
  openingOrders,
  type PaymentsAction,
  paymentsActions,
  paymentsCalls,
} from "./payments-steps";
import { type WeatherAction, weatherActions } from "./weather-steps";

/**
 * One step of a history, as data: it prints, shrinks and repeats. Numbers choose among what exists when the step is
 * taken (the third of two is the first); where nothing exists yet, nothing happens.
 */
export type Action = OffersAction | PaymentsAction | WeatherAction;

export type Step = Action | { do: "together"; actions: Action[] };

/** Who and what a history starts with. */
export interface Setting extends OffersSetting {
  /** Without any there is no shop. */
  orders: OpeningOrder[];
}

export interface History {
  setting: Setting;
  steps: Step[];
}

/** Histories of up to `stepsMax` steps: of offers, of payments, and of both beside each other. */
export function histories(stepsMax: number): fc.Arbitrary<History> {
  const noOffers = fc.constant<OffersSetting>({ onboarded: [false, false], testimonies: [] });
  const noOrders = fc.constant<OpeningOrder[]>([]);
  const bothCalls = [...offersCalls, ...paymentsCalls];
  return fc.oneof(
    {
      weight: 3,
      arbitrary: historiesOf(stepsMax, offersSetting, noOrders, [...offersActions, ...weatherActions(offersCalls)]),
    },
    {
      weight: 4,
      arbitrary: historiesOf(stepsMax, noOffers, openingOrders, [...paymentsActions, ...weatherActions(paymentsCalls)]),
    },
    {
      weight: 1,
      arbitrary: historiesOf(stepsMax, offersSetting, openingOrders, [
        ...offersActions,
        ...paymentsActions,
        ...weatherActions(bothCalls),
      ]),
    },
  );
}

function historiesOf(
  stepsMax: number,
  offers: fc.Arbitrary<OffersSetting>,
  orders: fc.Arbitrary<OpeningOrder[]>,
  actions: fc.WeightedArbitrary<Action>[],
): fc.Arbitrary<History> {
  const action = fc.oneof(...actions);
  const together = fc.record({
    do: fc.constant("together" as const),
    actions: fc.array(action, { minLength: 2, maxLength: 4 }),
  });
  const step: fc.Arbitrary<Step> = fc.oneof({ weight: 5, arbitrary: action }, { weight: 1, arbitrary: together });
  return fc.record({
    setting: fc.tuple(offers, orders).map(([people, list]) => ({ ...people, orders: list })),
    steps: fc.array(step, { minLength: Math.ceil(stepsMax / 2), maxLength: stepsMax, size: "max" }),
  });
}

/** One line a step. */
export function printed({ setting: start, steps }: History): string {
  return [JSON.stringify(start), ...steps.map((one, at) => `${at + 1}. ${JSON.stringify(one)}`)].join("\n");
}
