package io.gradcast.engine.eval;

/** By which number of an evaluation it is decided what is better. */
public enum Monitor {
  LOSS {
    @Override
    public double value(Evaluation evaluation) {
      return evaluation.loss();
    }
  },
  ACCURACY {
    @Override
    public double value(Evaluation evaluation) {
      return evaluation.error();
    }
  };

  /** The lower, the better; NaN is worse than any number. */
  public abstract double value(Evaluation evaluation);
}
