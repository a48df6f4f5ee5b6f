import "../index";
