//! Running futures by hand: to the end, two at a time, or only for some steps.

use rand::Rng;
use rand::rngs::SmallRng;
use std::future::Future;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};

/// Waits once: where real storage and networks give others their turn.
#[derive(Debug, Default)]
pub struct Pause {
    waited: bool,
}

impl Future for Pause {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<()> {
        let ready = std::mem::replace(&mut self.waited, true);
        if ready { Poll::Ready(()) } else { Poll::Pending }
    }
}

/// Runs to the end.
pub fn run<F: Future>(future: F) -> F::Output {
    run_steps(future, usize::MAX).expect("it was given all the steps it wants")
}

/// Runs for at most so many steps, then drops it, as when a worker is ended.
pub fn run_steps<F: Future>(future: F, steps: usize) -> Option<F::Output> {
    let mut future = pin!(future);
    let mut context = Context::from_waker(Waker::noop());
    for _ in 0..steps {
        if let Poll::Ready(output) = future.as_mut().poll(&mut context) {
            return Some(output);
        }
    }
    None
}

/// Runs two to the end, their steps mixed by chance.
pub fn run_both<A: Future, B: Future>(rng: &mut SmallRng, one: A, other: B) -> (A::Output, B::Output) {
    let (mut one, mut other) = (pin!(one), pin!(other));
    let (mut first, mut second) = (None, None);
    let mut context = Context::from_waker(Waker::noop());
    loop {
        let turn = rng.random_bool(0.5);
        if first.is_none() && (turn || second.is_some()) {
            if let Poll::Ready(output) = one.as_mut().poll(&mut context) {
                first = Some(output);
            }
        } else if second.is_none()
            && let Poll::Ready(output) = other.as_mut().poll(&mut context)
        {
            second = Some(output);
        }
        match (first.take(), second.take()) {
            (Some(first), Some(second)) => return (first, second),
            (one, other) => (first, second) = (one, other),
        }
    }
}
