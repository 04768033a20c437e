package org.adadiff.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;

import org.adadiff.train.Experiment;
import org.adadiff.train.Profile;
import org.adadiff.train.Recipe;
import org.adadiff.train.Workspace;
import org.junit.jupiter.api.Test;

class RecipeTableTest {
    private static List<Recipe> recipes(Profile profile) {
        return Workspace.recipes(Experiment.PTB_LSTM2, "adadiff,sgd", profile, "1,2");
    }

    @Test
    void eachNumberStandsBesideThePapers() {
        List<Recipe> reduced = recipes(Profile.REDUCED);
        String text = RecipeTable.of(reduced).toString().replaceAll(" +", " ");
        assertTrue(text.contains("epochs " + reduced.get(0).schedule().epochs() + " 200\n"), text);
        assertTrue(text.contains(" 100, 145\n"), text);
        assertTrue(text.contains("learning rate, AdaDiff 0.01 0.01\n"), text);
        assertTrue(text.contains("learning rate, SGD 30 30\n"), text);
        assertTrue(text.contains("Seeds here: 1, 2."), text);
    }

    @Test
    void thePaperProfileDiffersInNothing() {
        var table = RecipeTable.of(recipes(Profile.PAPER)).table();
        assertEquals(table.stringColumn("paper").asList(), table.stringColumn("here").asList());
    }

    @Test
    void differentProfilesAreRefused() {
        var mixed = new ArrayList<>(recipes(Profile.SMOKE));
        mixed.addAll(recipes(Profile.PAPER));
        var error = assertThrows(IllegalArgumentException.class, () -> RecipeTable.of(mixed));
        assertEquals("recipes: expected one experiment in one profile, found [ptb-lstm2, profile smoke, ptb-lstm2, profile paper]",
                error.getMessage());
    }
}
