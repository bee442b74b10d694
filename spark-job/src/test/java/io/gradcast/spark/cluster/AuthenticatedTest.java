package io.gradcast.spark.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gradcast.engine.train.TrainingListener;
import io.gradcast.spark.exchange.ExchangeKind;
import java.nio.file.Path;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.io.TempDir;

/** Where Spark lets nobody in without the secret, and encrypts what it says. */
class AuthenticatedTest {

  @TempDir private Path folder;

  @EveryExchange
  void trainsWithAuthenticationAndEncryption(ExchangeKind exchange) throws Exception {
    SmallTraining training = SmallTraining.in(folder);
    SparkConf conf =
        Application.onLocalCluster(2)
            .set("spark.authenticate", "true")
            .set("spark.authenticate.secret", "for this test alone")
            .set("spark.network.crypto.enabled", "true");
    try (Application application = Application.start(conf, 2)) {
      String model = training.onSpark(application.context(), exchange, TrainingListener.NONE);
      assertEquals(training.onThreads(1), model);
    }
  }
}
