import { walkLists } from "./walk-lists";
import { webhookLists } from "./webhook-lists";

walkLists(webhookLists);
