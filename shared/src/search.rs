//! Search: fold, index, rank. The same code for the relay and the browser.
