"""Gradcast's networks as stages of a PySpark pipeline.

The classes are the ones of Java in the same jar; this file only gives them names in Python:

    pyspark --jars gradcast.jar --py-files gradcast.jar

    from gradcast import CnnClassifier
    model = CnnClassifier(network="lenet5", optimizer="adam", epochs=10).fit(digits)
    model.transform(others).select("prediction", "probability").show()
"""

import io
import sys
from types import SimpleNamespace

from pyspark.ml.classification import (
    _JavaProbabilisticClassificationModel,
    _JavaProbabilisticClassifier,
)
from pyspark.ml.param import Param, Params, TypeConverters
from pyspark.ml.util import JavaMLReadable, JavaMLWritable

__all__ = ["CnnClassifier", "CnnClassificationModel"]

_PACKAGE = "io.gradcast.spark.ml"

# PySpark looks for the class of a stage that it loads under the name of the class in Java, whose
# package begins with the name of a module of Python's own.
sys.modules[_PACKAGE] = sys.modules[__name__]
io.gradcast = SimpleNamespace(spark=SimpleNamespace(ml=sys.modules[__name__]))


def _param(name, doc, converter):
    return Param(Params._dummy(), name, doc, converter)


class _ImageParams:
    """What is said of images, by estimator and model."""

    interleaved = _param(
        "interleaved",
        "whether in numbers and raw bytes the channels of a pixel lie together",
        TypeConverters.toBoolean,
    )
    white = _param("white", "what number stands for white; 0 is black", TypeConverters.toFloat)

    def setParams(self, **params):
        """Sets params by their names."""
        return self._set(**params)


class CnnClassifier(
    _ImageParams, _JavaProbabilisticClassifier, JavaMLWritable, JavaMLReadable
):
    """Trains a convolutional network. Params that are not set have the defaults of Java."""

    __module__ = _PACKAGE

    network = _param("network", "a network's name, its file, or its text", TypeConverters.toString)
    epochs = _param("epochs", "passes over the training data", TypeConverters.toInt)
    batchSize = _param("batchSize", "samples a minibatch", TypeConverters.toInt)
    learningRate = _param("learningRate", "step size, above 0", TypeConverters.toFloat)
    optimizer = _param(
        "optimizer", "sgd, momentum, nesterov, adam or adamw", TypeConverters.toString
    )
    seed = _param(
        "seed", "of the initial weights and the order of samples", TypeConverters.toInt
    )
    idCol = _param(
        "idCol", "column by whose order samples are numbered", TypeConverters.toString
    )
    imageSize = _param("imageSize", "HEIGHTxWIDTH of the images", TypeConverters.toString)
    channels = _param("channels", "1 for grey, 3 for colour", TypeConverters.toInt)

    def __init__(self, **params):
        super().__init__()
        self._java_obj = self._new_java_obj(_PACKAGE + ".CnnClassifier", self.uid)
        self._set(**params)

    def _create_model(self, java_model):
        return CnnClassificationModel(java_model)


class CnnClassificationModel(
    _ImageParams, _JavaProbabilisticClassificationModel, JavaMLWritable, JavaMLReadable
):
    """A trained network."""

    __module__ = _PACKAGE

    @property
    def classNames(self):
        """The names of the classes, by their numbers."""
        return list(self._call_java("classNames"))
