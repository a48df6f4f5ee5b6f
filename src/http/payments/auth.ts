import type { App, AppUser, Developer } from "../../db/developers";

/** Who calls with a developer's token. */
export interface DeveloperCaller {
  developer: Developer;
}

/** The same, for one of the developer's apps. */
export interface AppCaller extends DeveloperCaller {
  app: App;
}

/** The same, on behalf of one of the app's shoppers. */
export interface ShopperCaller extends AppCaller {
  user: AppUser;
}

/** Who each kind of access lets in. `login` also takes the token as a bearer token (decisions P13). */
export type PaymentsCallers = {
  developer: DeveloperCaller;
  login: DeveloperCaller;
  app: AppCaller;
  shopper: ShopperCaller;
};
