import { applicationLists } from "./application-lists";
import { walkLists } from "./walk-lists";

walkLists(applicationLists);
